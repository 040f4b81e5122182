package sentrial_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// unprintable are values that package fmt cannot print: it would exhaust the stack, or panic in turn.
func unprintable() map[string]any {
	return map[string]any{"an error that panics with itself": selfError{}, "a map that holds itself": cycles()["map"], "a text": "boom", "an error": errBoom}
}

func checkPassedOn(t *testing.T, who string, passed, v any) {
	t.Helper()
	if fmt.Sprintf("%T", passed) != fmt.Sprintf("%T", v) {
		t.Errorf("%s panicked on with a %T, want the %T", who, passed, v)
	}
}

// TestRow56PanicsOfTheProgram in code of its own that the client calls: whatever they panic with, the agent goes on.
func TestRow56PanicsOfTheProgram(t *testing.T) {
	for name, v := range unprintable() {
		t.Run(name, func(t *testing.T) {
			var log logged
			client := newClient(t, &wire{}, sentrial.WithLogger(log.logger()),
				sentrial.WithHook(startHook(func(context.Context, *types.Event) context.Context { panic(v) })),
				sentrial.WithHook(endHook(func(context.Context, *types.Event) { panic(v) })),
				sentrial.WithRedactor(redactFunc(func(context.Context, *types.Event) error { panic(v) })),
				sentrial.WithOnDrop(func(sentrial.Drop) { panic(v) }))
			ctx, session := client.CreateSession(t.Context(), "s")
			if id := session.TrackToolCall(ctx, types.ToolCall{ToolName: "t"}); id == "" {
				t.Error("not accepted")
			}
			client.Record(ctx, types.Event{ID: "no id", SessionID: "s"}) // refused, for OnDrop
			_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"})
			span.End(nil)
			sentrial.Inject(ctx, panickyCarrier{v})
			client.Extract(ctx, panickyCarrier{v})
			if err := client.Close(ctx); err != nil || len(log.lines()) == 0 {
				t.Errorf("Close: %v; logged %q", err, log.lines())
			}
		})
	}
}

type panickyCarrier struct{ v any }

func (c panickyCarrier) Get(string) string  { panic(c.v) }
func (c panickyCarrier) Set(string, string) { panic(c.v) }

// TestRow56PanicsThatGoOn through the helpers are those of the agent, and recorded on the way.
func TestRow56PanicsThatGoOn(t *testing.T) {
	for name, v := range unprintable() {
		t.Run(name, func(t *testing.T) {
			w := &wire{}
			client := newClient(t, w)
			s := newPlaceSession(client)
			ctx := s.Context(t.Context())
			checkPassedOn(t, "Recover", caught(func() { defer sentrial.Recover(ctx); panic(v) }), v)
			checkPassedOn(t, "Run", caught(func() { _ = client.Run(ctx, "n", func(context.Context) error { panic(v) }) }), v)
			checkPassedOn(t, "Tool", caught(func() {
				_, _ = sentrial.Tool(ctx, "t", 1, func(context.Context, int) (int, error) { panic(v) })
			}), v)
			if events := arrived(t, client, w); events.at(t, s.ID()+" error", into("error_message")) == nil {
				t.Error("the panic was not recorded")
			}
		})
	}
}

func TestRow56ErrorThatPanicsWithItself(t *testing.T) { checkHostileError(t, selfError{}) }

// TestRow56PanicsOfTheHTTPClient are failed attempts.
func TestRow56PanicsOfTheHTTPClient(t *testing.T) {
	for name, v := range unprintable() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, newScript(t, func(*sent) (*http.Response, error) { panic(v) }))
				record(t, client, 1)
				time.Sleep(time.Minute)
				checkStats(t, client, 1, 0, nothing)
			})
		})
	}
}

type panickySource struct {
	v    any
	asks int
}

func (s *panickySource) Token(context.Context) (string, error) {
	if s.asks++; s.asks == 1 {
		panic(s.v)
	}
	return "token", nil
}

// TestRow56PanicsOfTheTokenSource are failed attempts too.
func TestRow56PanicsOfTheTokenSource(t *testing.T) {
	for name, v := range unprintable() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, newScript(t), sentrial.WithTokenSource(&panickySource{v: v}))
				record(t, client, 1)
				time.Sleep(time.Minute)
				checkStats(t, client, 1, 0, nothing)
			})
		})
	}
}

// TestRow55AMillionStructsByValue: each holds the next one in an interface, so that comparing two of them goes all the way.
func TestRow55AMillionStructsByValue(t *testing.T) {
	checkMarked(t, "structs by value", chains["structs by value"](million), `"$omitted":"too deep"`, placesNamed("tool input", "span input", "span parameters", "helper's metadata")...)
}
