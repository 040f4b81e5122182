package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// The methods of a program's own types that recording calls. All of these tests run on a fake clock: a loaded machine makes no method late.

type (
	marshalsText func() ([]byte, error)
	says         func() string
	prints       func() string
	byPointer    struct{ N int }
	textPointer  struct{ N int }
	byValue      struct{ N int }
	promotes     struct{ *byValue } // its method panics: there is nothing behind the pointer
	promotesErr  struct{ error }
	textKey      struct{ panics string }
	selfError    struct{}
)

func (m marshalsText) MarshalText() ([]byte, error) { return m() }
func (s says) Error() string                        { return s() }
func (p prints) String() string                     { return p() }
func (p *byPointer) MarshalJSON() ([]byte, error)   { return fmt.Appendf(nil, `{"n":%d}`, p.N), nil }
func (p *textPointer) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "n=%d", p.N), nil }
func (p byValue) MarshalJSON() ([]byte, error)      { return fmt.Appendf(nil, `[%d]`, p.N), nil }
func (k textKey) MarshalText() ([]byte, error)      { panic(k.panics) }
func (e selfError) Error() string                   { panic(e) }

// gives, and the like, make values whose methods do that.
func gives(json string) any { return marshals(func() ([]byte, error) { return []byte(json), nil }) }

func failsWith(err error) any {
	return marshals(func() ([]byte, error) { return nil, err })
}
func panicsWith(v any) any { return marshals(func() ([]byte, error) { panic(v) }) }
func exits() ([]byte, error) {
	runtime.Goexit()
	return nil, nil
}

// misbehaviours are values whose methods do what they should not, and what is recorded in their place. block does not return before the
// test is over.
func misbehaviours(block func()) map[string]struct {
	value any
	want  string // part of the JSON
} {
	blocks := func() ([]byte, error) { block(); return []byte(`1`), nil }
	says := func(text string) any { return says(func() string { return text }) }
	return map[string]struct {
		value any
		want  string
	}{
		"MarshalJSON panics":             {panicsWith("boom"), `"$omitted":"panic: boom"`},
		"MarshalJSON panics with error":  {panicsWith(errBoom), `"$omitted":"panic: boom"`},
		"MarshalJSON panics with nil":    {panicsWith(nil), `"$omitted":"panic: panic called with nil argument`},
		"MarshalJSON fails":              {failsWith(errBoom), `"$omitted":"error: boom"`},
		"MarshalJSON fails hostilely":    {failsWith(hostileError{}), `"$omitted":"panic: Error"`},
		"MarshalJSON gives nothing":      {gives(``), `"$omitted":"invalid JSON: the end at byte 0`},
		"MarshalJSON gives half":         {gives(`{"a":`), `"$omitted":"invalid JSON: `},
		"MarshalJSON gives two":          {gives(`{} {}`), `"$omitted":"invalid JSON: `},
		"MarshalJSON breaks out":         {gives(`1,"id":"evt_forged"`), `"$omitted":"invalid JSON: `},
		"MarshalJSON gives NaN":          {gives(`NaN`), `"$omitted":"invalid JSON: `},
		"MarshalJSON gives deep JSON":    {gives(strings.Repeat("[", 1000) + strings.Repeat("]", 1000)), `"$omitted":"too deep"`},
		"MarshalJSON ends its goroutine": {marshals(exits), `"$omitted":"panic: the goroutine was ended"`},
		"MarshalJSON blocks":             {marshals(blocks), `"$omitted":"timed out"`},
		"MarshalJSON of a nil function":  {marshals(nil), `"$omitted":"panic: runtime error: `},
		"MarshalJSON of nothing inside":  {promotes{}, `"$omitted":"panic: `},
		"MarshalText panics":             {marshalsText(func() ([]byte, error) { panic("boom") }), `"$omitted":"panic: boom"`},
		"MarshalText fails":              {marshalsText(func() ([]byte, error) { return nil, errBoom }), `"$omitted":"error: boom"`},
		"MarshalText ends its goroutine": {marshalsText(exits), `"$omitted":"panic: the goroutine was ended"`},
		"MarshalText blocks":             {marshalsText(blocks), `"$omitted":"timed out"`},
		"MarshalText gives no text":      {marshalsText(func() ([]byte, error) { return []byte("\xff\"\n"), nil }), `"\ufffd\"\n"`},
		"MarshalText of a key panics":    {map[textKey]int{{"boom"}: 1}, `{"$omitted 1: panic: boom":1}`},
		"Error panics with an error":     {hostileError{}, `"$omitted":"panic: Error"`},
		"Error panics with itself":       {selfError{}, `"$omitted":"panic: a value of type sentrial_test.selfError"`},
		"Error of nothing inside":        {promotesErr{}, `"$omitted":"panic: `},
		"Error gives no text":            {says("\xff\x00"), `"\ufffd\u0000"`},
		"String is not called":           {prints(func() string { block(); return "" }), `"$omitted":"unsupported type"`},
		"a panic whose String blocks":    {panicsWith(prints(func() string { block(); return "" })), `"$omitted":"timed out"`},
		"a panic whose String panics":    {panicsWith(prints(func() string { panic("again") })), `"$omitted":"panic: a value of type sentrial_test.prints"`},
		"nil, method of the pointer":     {(*byPointer)(nil), `null`},
		"nil, text of the pointer":       {(*textPointer)(nil), `null`},
		"nil, method of the value":       {(*byValue)(nil), `null`},
		"nil error":                      {(*typedError)(nil), `null`},
	}
}

// TestRow56MethodsThatMisbehaveEverywhere cost their value and nothing else: the call returns, and the event arrives with a marker.
func TestRow56MethodsThatMisbehaveEverywhere(t *testing.T) {
	for name := range misbehaviours(nil) {
		t.Run(name, func(t *testing.T) {
			for _, p := range places {
				synctest.Test(t, func(t *testing.T) {
					over := make(chan struct{})
					defer close(over)
					m := misbehaviours(func() { <-over })[name]
					w := &wire{}
					client := newClient(t, w)
					began := time.Now()
					key := p.put(t.Context(), client, map[string]any{"bad": m.value, "good": "kept"})
					if took := time.Since(began); took > 40*time.Millisecond { // a span is written up to four times
						t.Errorf("as %s: the call took %v", p.name, took)
					}
					got := string(arrived(t, client, w).at(t, key, p.path))
					if !strings.Contains(got, m.want) || !strings.Contains(got, `"good":"kept"`) {
						t.Errorf("as %s: %.300s arrived, want %s", p.name, got, m.want)
					}
				})
			}
		})
	}
}

// callbacks are what a method may do with the very client that calls it.
var callbacks = map[string]func(context.Context, *sentrial.Client) error{
	"Track": func(ctx context.Context, c *sentrial.Client) error {
		if c.Session("s").TrackStep(ctx, types.Step{Name: "inner", Input: byValue{1}}) == "" {
			return errors.New("not accepted")
		}
		return nil
	},
	"Flush": func(ctx context.Context, c *sentrial.Client) error { return c.Flush(ctx) },
	"Stats": func(_ context.Context, c *sentrial.Client) error { return lawOf(c.Stats()) },
	"Run": func(ctx context.Context, c *sentrial.Client) error {
		return c.Run(ctx, "inner", func(ctx context.Context) error {
			_, err := sentrial.Tool(ctx, "inner", 1, func(context.Context, int) (int, error) { return 1, nil })
			return err
		})
	},
	"a session": func(ctx context.Context, c *sentrial.Client) error {
		ctx, s := c.CreateSession(ctx, "inner")
		sentrial.ReportError(ctx, errBoom)
		s.Close(ctx, types.SessionResult{})
		return nil
	},
}

// TestRow56MethodsThatRecord call back into the client at every place: what they record arrives too, and nobody waits for anybody.
func TestRow56MethodsThatRecord(t *testing.T) {
	for name, call := range callbacks {
		t.Run(name, func(t *testing.T) {
			for _, p := range places {
				synctest.Test(t, func(t *testing.T) {
					w := &wire{}
					client := newClient(t, w)
					ctx := t.Context()
					for _, v := range []any{
						marshals(func() ([]byte, error) { return []byte(`"<nil>"`), call(ctx, client) }),
						marshalsText(func() ([]byte, error) { return []byte(`<nil>`), call(ctx, client) }),
						says(func() string { return fmt.Sprint(call(ctx, client)) }),
					} {
						key := p.put(ctx, client, v)
						if got := string(arrived(t, client, w).at(t, key, p.path)); got != `"<nil>"` {
							t.Errorf("as %s, %T: got %s", p.name, v, got)
						}
					}
				})
			}
		})
	}
}

// TestRow56MethodThatCloses the client inside the very call: the event comes too late, which is counted, or is among the last.
func TestRow56MethodThatCloses(t *testing.T) {
	for _, p := range places {
		synctest.Test(t, func(t *testing.T) {
			client := newClient(t, &wire{})
			p.put(t.Context(), client, marshals(func() ([]byte, error) { return []byte(`1`), client.Close(context.Background()) }))
			synctest.Wait()
			if err := client.Flush(t.Context()); !errors.Is(err, sentrial.ErrClosed) {
				t.Errorf("as %s: Flush after the Close inside: %v", p.name, err)
			}
			s := client.Stats()
			if err := lawOf(s); err != nil || s.Queued != 0 || s.Delivered+s.Refused[sentrial.DropClosed] == 0 {
				t.Errorf("as %s: %v, stats = %+v", p.name, err, s)
			}
		})
	}
}

// TestRow56AtMostFourAreStuck: of a thousand calls whose methods do not return four leave a goroutine behind, and the rest does not wait.
func TestRow56AtMostFourAreStuck(t *testing.T) {
	const most = 4
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		client := newClient(t, w)
		over := make(chan struct{})
		var inside atomic.Int32
		stuck := marshals(func() ([]byte, error) {
			inside.Add(1)
			defer inside.Add(-1)
			<-over
			return []byte(`1`), nil
		})
		track := func(v any) string {
			return client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", ToolInput: v, Metadata: map[string]any{"k": v}})
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				for range 100 {
					track(stuck)
				}
			})
		}
		wg.Wait()
		if n := inside.Load(); n != most {
			t.Errorf("%d methods are stuck, want %d", n, most)
		}
		began := time.Now()
		track(stuck)
		if took := time.Since(began); took != 0 {
			t.Errorf("waited %v for a place that nobody leaves", took)
		}
		flush(t, client)
		checkStats(t, client, 1001, 0, nothing)
		close(over)
		synctest.Wait()
		key := track(byValue{7})
		if got := string(arrived(t, client, w).at(t, key, into("tool_input"))); got != `[7]` {
			t.Errorf("after they returned a method gives %s", got)
		}
	})
}

// TestRow56LateResultsGoNowhere: a method that returns after its time, and goes on changing what it returned, reaches no event.
func TestRow56LateResultsGoNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		client := newClient(t, w)
		made := []byte(`"late"`)
		key := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", ToolInput: marshals(func() ([]byte, error) {
			time.Sleep(time.Second)
			return made, nil
		})})
		time.Sleep(2 * time.Second)
		copy(made, `"forge`)
		if got := string(arrived(t, client, w).at(t, key, into("tool_input"))); !strings.Contains(got, "timed out") {
			t.Errorf("got %s", got)
		}
	})
}

// TestRow56WhatAMethodReturnedIsCopied: it may use its buffer again.
func TestRow56WhatAMethodReturnedIsCopied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		client := newClient(t, w)
		buffer := []byte(`"    "`)
		shared := marshals(func() ([]byte, error) { return buffer, nil })
		var keys []string
		for i := range 100 {
			copy(buffer, fmt.Sprintf(`"%04d"`, i))
			keys = append(keys, client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", ToolInput: shared}))
		}
		events := arrived(t, client, w)
		for i, key := range keys {
			if got, want := string(events.at(t, key, into("tool_input"))), fmt.Sprintf(`"%04d"`, i); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}

// TestRow56HugeJSON of a method: a marker takes its place, with the length of what it was.
func TestRow56HugeJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		client := newClient(t, w)
		huge := json.RawMessage(`"` + strings.Repeat("x", 20*mb) + `"`)
		text := huge[1 : len(huge)-1]
		for _, v := range []any{
			marshals(func() ([]byte, error) { return huge, nil }), marshalsText(func() ([]byte, error) { return text, nil }), says(func() string { return string(text) }),
		} {
			key := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "kept", ToolInput: v})
			got := string(arrived(t, client, w).at(t, key, into("tool_input")))
			w.forget()
			if want := fmt.Sprintf(`{"$truncated":{"bytes":%d,`, len(huge)); !strings.HasPrefix(got, want) {
				t.Errorf("%T: got %.200s, want %s", v, got, want)
			}
		}
	})
}

// TestRow56ErrorsThatPanic where an error itself is what is recorded.
func TestRow56ErrorsThatPanic(t *testing.T) {
	for name, err := range map[string]error{"hostile": hostileError{}, "nothing inside": promotesErr{}, "nil": (*typedError)(nil)} {
		t.Run(name, func(t *testing.T) { checkHostileError(t, err) })
	}
}

// checkHostileError returns err from an agent's own code and wants it back, and recorded.
func checkHostileError(t *testing.T, err error) {
	t.Helper()
	w := &wire{}
	client := newClient(t, w)
	s := newPlaceSession(client)
	ctx := s.Context(t.Context())
	reported := sentrial.ReportError(ctx, err)
	_, got := sentrial.Tool(ctx, "t", 1, func(context.Context, int) (int, error) { return 0, err })
	if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", err) {
		t.Errorf("Tool returned a %T", got)
	}
	_ = client.Run(ctx, "n", func(context.Context) error { return err })
	s.CloseErr(ctx, &err)
	events := arrived(t, client, w)
	for key, member := range map[string]string{reported: "error_type", s.ID() + " tool_call": "status", s.ID() + " session_end": "status"} {
		if events.at(t, key, into(member)) == nil {
			t.Errorf("%s has no %s: %s", key, member, events[key])
		}
	}
}
