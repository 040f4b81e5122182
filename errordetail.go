package sentrial

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

var (
	errPanicked = errors.New("panic") // stands for the panic of a function whose value was not recovered
	errGoexit   = errors.New("the goroutine ended inside the call")
)

// errorText is err's message. An Error method that panics gives a text that says so.
func errorText(err error) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprintf("(the Error method of %T panicked: %s)", err, jsonenc.PanicText(v))
		}
	}()
	if err == nil {
		return ""
	}
	return err.Error()
}

// errorType is the Go type of the outermost error that is more than a text around another one: fmt.Errorf and errors.New say nothing about the kind.
func errorType(err error) (name string) {
	defer func() {
		if recover() != nil && name == "" {
			name = fmt.Sprintf("%T", err)
		}
	}()
	for e := err; e != nil; e = errors.Unwrap(e) {
		t := reflect.TypeOf(e).String()
		if !strings.HasPrefix(t, "*fmt.") && !strings.HasPrefix(t, "*errors.") {
			return t
		}
	}
	return "error"
}

// isOrWraps is errors.Is for errors whose own methods may panic.
func isOrWraps(err, target error) (is bool) {
	defer func() { _ = recover() }()
	return errors.Is(err, target)
}

// panicked is the value of a panic, as the error that it stands for.
type panicked struct{ value any }

func (p panicked) Error() string { return "panic: " + jsonenc.PanicText(p.value) }

// Unwrap gives the error that was panicked with, if it was one.
func (p panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// passedOn tells from the stack of a function that recovered a panic whether another one of ours has panicked on with it. An equal panic that comes later
// is another one.
func passedOn(stack []byte) bool {
	return bytes.Count(stack, []byte("sentrial-go.Recover("))+bytes.Count(stack, []byte("sentrial-go.(*Session).CloseErr(")) > 1
}

// isAmong tells whether err was known before: it is one of the known errors or wraps one. Of errors that were joined each must be known, as one of them may
// be the news. errors.Is would not do: it also takes errors for the same that are only of one kind.
func isAmong(err error, known []error) (among bool) {
	defer func() { _ = recover() }() // an Unwrap method of the program's may panic
	for err != nil {
		if slices.ContainsFunc(known, func(k error) bool { return isVery(err, k) }) {
			return true
		}
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			return areAmong(joined.Unwrap(), known, isOneText(err))
		}
		err = errors.Unwrap(err)
	}
	return false
}

func areAmong(errs, known []error, oneIsEnough bool) bool {
	unknown := 0
	for _, err := range errs {
		if !isAmong(err, known) {
			unknown++
		}
	}
	return unknown == 0 || oneIsEnough && unknown < len(errs)
}

// isOneText tells an error that fmt.Errorf made of several, which is a single one said in more than one way, from errors that were joined.
func isOneText(err error) bool { return reflect.TypeOf(err).String() == "*fmt.wrapErrors" }

// isVery tells whether a and b are one error. Errors that cannot be compared, slices for example, are one when type and text are.
func isVery(a, b error) bool {
	t := reflect.TypeOf(a)
	if t != reflect.TypeOf(b) {
		return false
	}
	if !reflect.ValueOf(a).Comparable() || !reflect.ValueOf(b).Comparable() {
		return errorText(a) == errorText(b)
	}
	return a == b //nolint:errorlint // it asks for this very error, not for one that wraps it
}

// clip shortens a text for a log line, at a character's beginning.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
