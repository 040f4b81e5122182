package wire

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Error is what a provider says went wrong. Nothing in it looks like a key.
type Error struct {
	Status  int    // of the reply; 0 = it was said in an answer that began well
	Type    string // the provider's word, such as invalid_request_error
	Code    string // such as context_length_exceeded
	Message string
}

func (e *Error) Error() string {
	text := e.Message
	if e.Status != 0 {
		status := strings.TrimSpace(fmt.Sprint(e.Status, " ", http.StatusText(e.Status)))
		text = strings.TrimSuffix(status+": "+text, ": ")
	}
	var about []string
	for _, word := range []string{e.Type, e.Code} {
		if word != "" && !strings.Contains(text, word) {
			about = append(about, word)
		}
	}
	if about != nil {
		text += " (" + strings.Join(about, ", ") + ")"
	}
	return strings.TrimSpace(text)
}

var (
	// ErrCut says that an answer broke off before its end and nothing said why.
	ErrCut = errors.New("the answer broke off before its end")

	// ErrUnreadable says that an answer is nothing that its API sends.
	ErrUnreadable = errors.New("the answer is none of what this API sends")
)

// errorIn finds what an object says went wrong, in the forms of all providers; nil when it says nothing of the kind. With sure it is known to be about an error.
func errorIn(o value, sure bool) *Error {
	inner := o.pick("error")
	if text, ok := inner.Text(); ok && text != "" { // Ollama
		return newError(o, text)
	}
	if inner.Kind() == '{' && !inner.Empty() {
		message := inner.text("message", "msg")
		if cause := inner.object("metadata").text("raw"); cause != "" { // OpenRouter
			message += ": " + cause
		}
		return newError(inner, message)
	}
	if !sure {
		return nil
	}
	if message := o.text("message", "msg", "detail", "error_description"); message != "" { // vLLM, Mistral, FastAPI
		return newError(o, message)
	}
	if detail := o.pick("detail", "errors", "message"); detail.There() {
		return newError(o, head(detail.compact()))
	}
	return nil
}

func newError(o value, message string) *Error {
	e := &Error{Type: mask(short(o.text("type", "status"))), Code: mask(short(code(o))), Message: mask(head([]byte(message)))}
	if e.Type == "error" || e.Type == "None" { // the latter is LiteLLM's
		e.Type = ""
	}
	return e
}

// code is one that some write as a number.
func code(o value) string {
	v := o.pick("code")
	if s, ok := v.Text(); ok {
		return s
	}
	return string(v.compact())
}

// maxMessage is how much of a provider's words is kept.
const maxMessage = 2 << 10

func head(text []byte) string {
	return strings.ToValidUTF8(strings.TrimSpace(string(text[:min(len(text), maxMessage)])), "")
}
