package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// caught runs f and gives the value that it panicked with, nil if it returned.
func caught(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// goexit runs f on a goroutine that f may end.
func goexit(f func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Wait()
}

// outcome is how a function under Run or CloseErr ended.
type outcome struct {
	name     string
	fn       func(ctx context.Context, cancel context.CancelFunc) error
	status   types.Status
	messages []string // of the error events
}

var errBoom = errors.New("boom")

var outcomes = []outcome{
	{"nil", func(context.Context, context.CancelFunc) error { return nil }, types.StatusSuccess, nil},
	{"error", func(context.Context, context.CancelFunc) error { return errBoom }, types.StatusError, []string{"boom"}},
	{"cancelled", func(ctx context.Context, cancel context.CancelFunc) error {
		cancel()
		return fmt.Errorf("asking: %w", ctx.Err())
	}, types.StatusCancelled, nil},
	{"Canceled of something else", func(context.Context, context.CancelFunc) error { return context.Canceled }, types.StatusError, []string{"context canceled"}},
	{"another error while cancelled", func(_ context.Context, cancel context.CancelFunc) error { cancel(); return errBoom }, types.StatusError, []string{"boom"}},
	{"reported", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, errBoom)
		return errBoom
	}, types.StatusError, []string{"boom"}},
	{"reported, returned wrapped", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, errBoom)
		return fmt.Errorf("step 3: %w", fmt.Errorf("again: %w", errBoom))
	}, types.StatusError, []string{"boom"}},
	{"reported, returned beside its class", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, errBoom)
		return fmt.Errorf("%w: %w", fs.ErrInvalid, errBoom)
	}, types.StatusError, []string{"boom"}},
	{"reported, joined with news", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, errBoom)
		return errors.Join(errBoom, errors.New("news"))
	}, types.StatusError, []string{"boom", "boom\nnews"}},
	{"both reported, joined", func(ctx context.Context, _ context.CancelFunc) error {
		other := errors.New("other")
		sentrial.ReportError(ctx, errBoom)
		sentrial.ReportError(ctx, other)
		return errors.Join(errBoom, other)
	}, types.StatusError, []string{"boom", "other"}},
	{"another one of the same text reported", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, errors.New("boom"))
		return errBoom
	}, types.StatusError, []string{"boom", "boom"}},
	{"one of the same kind reported", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, fs.ErrNotExist)
		return kindOfNotExist{}
	}, types.StatusError, []string{"file does not exist", "no such thing"}},
	{"reported, cannot be compared", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, problems{"a", "b"})
		return problems{"a", "b"}
	}, types.StatusError, []string{"[a b]"}},
	{"panicked, recovered, returned", func(ctx context.Context, _ context.CancelFunc) (err error) {
		defer func() { err, _ = recover().(error) }()
		defer sentrial.Recover(ctx)
		panic(errBoom)
	}, types.StatusError, []string{"panic: boom"}},
	{"failed in a tool", func(ctx context.Context, _ context.CancelFunc) error {
		_, err := sentrial.Tool(ctx, "t", 1, func(context.Context, int) (int, error) { return 0, errBoom })
		return err
	}, types.StatusError, []string{"boom"}},
	{"reported many errors ago", func(ctx context.Context, _ context.CancelFunc) error {
		sentrial.ReportError(ctx, errBoom)
		for range 15 {
			sentrial.ReportError(ctx, errors.New("x"))
		}
		return errBoom
	}, types.StatusError, append([]string{"boom"}, slices.Repeat([]string{"x"}, 15)...)},
	{"hostile methods", func(_ context.Context, cancel context.CancelFunc) error {
		cancel()
		return hostileError{}
	}, types.StatusError, []string{"(the Error method of sentrial_test.hostileError panicked: Error)"}},
}

type kindOfNotExist struct{}

func (kindOfNotExist) Error() string        { return "no such thing" }
func (kindOfNotExist) Is(target error) bool { return target == fs.ErrNotExist }

type problems []string

func (p problems) Error() string { return fmt.Sprint([]string(p)) }

// hostileError panics wherever it can.
type hostileError struct{}

func (hostileError) Error() string { panic("Error") }
func (hostileError) Is(error) bool { panic("Is") }
func (hostileError) Unwrap() error { panic("Unwrap") }

func (o outcome) check(t *testing.T, rec *sentrialtest.Recorder) {
	t.Helper()
	if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != o.status {
		t.Errorf("the session ended as %s, want %s", e.Status, o.status)
	}
	var messages []string
	for _, e := range rec.Errors() {
		messages = append(messages, e.ErrorMessage)
	}
	if !slices.Equal(messages, o.messages) {
		t.Errorf("error events say %q, want %q", messages, o.messages)
	}
}

func TestRunOutcomes(t *testing.T) {
	for _, o := range outcomes {
		t.Run(o.name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var returned error
			err := rec.Client().Run(ctx, "s", func(ctx context.Context) error {
				returned = o.fn(ctx, cancel)
				return returned
			})
			if !same(err, returned) {
				t.Errorf("Run returned %#v, want fn's own error", err)
			}
			o.check(t, rec)
		})
	}
}

func TestCloseErrOutcomes(t *testing.T) {
	for _, o := range outcomes {
		t.Run(o.name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_ = func() (err error) {
				ctx, session := rec.Client().CreateSession(ctx, "s")
				defer session.CloseErr(ctx, &err)
				return o.fn(ctx, cancel)
			}()
			o.check(t, rec)
		})
	}
}

func TestCloseErrWithoutAPointer(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	session.CloseErr(ctx, nil)
	if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != types.StatusSuccess {
		t.Errorf("status = %s, want success", e.Status)
	}
}

func TestRunThatPanics(t *testing.T) {
	for name, value := range map[string]any{"text": "boom", "error": errBoom, "uncomparable": []int{1}} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			v := caught(func() {
				_ = rec.Client().Run(t.Context(), "s", func(context.Context) error { panic(value) })
			})
			if !reflect.DeepEqual(v, value) {
				t.Errorf("Run panicked with %v, want %v", v, value)
			}
			if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != types.StatusError {
				t.Errorf("status = %s, want error", e.Status)
			}
			e := oneEvent(t, rec, types.EventError).Error
			if e.ErrorType != "panic" || e.ErrorMessage != fmt.Sprintf("panic: %v", value) || !strings.Contains(e.StackTrace, "TestRunThatPanics") {
				t.Errorf("the error event is %+v, want the panic with its stack", e)
			}
		})
	}
}

// TestPanicIsRecordedOnceOnItsWay: Recover below and Run above see the same panic; a later one of the same value is another.
func TestPanicIsRecordedOnceOnItsWay(t *testing.T) {
	rec := sentrialtest.New(t)
	caught(func() {
		_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
			caught(func() {
				defer sentrial.Recover(ctx)
				panic("boom")
			})
			defer sentrial.Recover(ctx)
			func() {
				defer sentrial.Recover(ctx)
				panic("boom")
			}()
			return nil
		})
	})
	if n := len(rec.Errors()); n != 2 {
		t.Errorf("%d error events of 2 panics, each seen more than once", n)
	}
}

func TestRunWhoseGoroutineEnds(t *testing.T) {
	rec := sentrialtest.New(t)
	goexit(func() {
		_ = rec.Client().Run(t.Context(), "s", func(context.Context) error {
			runtime.Goexit() // as t.FailNow does
			return nil
		})
	})
	if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != types.StatusError {
		t.Errorf("status = %s, want error: fn did not return", e.Status)
	}
}

func TestCloseErrOfAGoroutineThatEnds(t *testing.T) {
	rec := sentrialtest.New(t)
	goexit(func() {
		var err error
		ctx, session := rec.Client().CreateSession(t.Context(), "ends")
		defer func() { // what runs meanwhile and returns is a success all the same
			_ = rec.Client().Run(context.Background(), "returns", func(context.Context) error { return nil })
		}()
		defer session.CloseErr(ctx, &err)
		runtime.Goexit()
	})
	status := map[string]types.Status{}
	for _, s := range rec.Sessions() {
		status[s.Name] = s.Status
	}
	if want := map[string]types.Status{"ends": types.StatusError, "returns": types.StatusSuccess}; !reflect.DeepEqual(status, want) {
		t.Errorf("sessions ended as %v, want %v", status, want)
	}
}

func TestSetResultIsWhatRunSays(t *testing.T) {
	rec := sentrialtest.New(t)
	err := rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
		sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Status: types.StatusCancelled, Summary: "gave up", Output: 42})
		return nil
	})
	e := oneEvent(t, rec, types.EventSessionEnd)
	if err != nil || e.Status != types.StatusCancelled || e.Result.Summary != "gave up" || e.Result.Output != 42.0 {
		t.Errorf("session_end is %s %+v (%v), want what SetResult said", e.Status, e.Result, err)
	}
}

func TestErrorOverridesTheStatusOfSetResult(t *testing.T) {
	rec := sentrialtest.New(t)
	_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
		sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Status: types.StatusSuccess, Summary: "half"})
		return errBoom
	})
	if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != types.StatusError || e.Result.Summary != "half" {
		t.Errorf("session_end is %s %+v, want error with the summary kept", e.Status, e.Result)
	}
}

// same tells whether two errors are one, also where their type cannot be compared.
func same(a, b error) bool { return reflect.DeepEqual(any(a), any(b)) }
