package sentrial_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// zeroed calls every method of v with zero values, and with them whatever a nil or zero receiver has to survive.
func zeroed(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumMethod() {
		method, name := v.Method(i), v.Type().String()+"."+v.Type().Method(i).Name
		typ := method.Type()
		args := make([]reflect.Value, typ.NumIn())
		for j := range args {
			args[j] = zeroArgument(typ.In(j))
		}
		if typ.IsVariadic() {
			args = args[:len(args)-1]
		}
		if p := caught(func() { method.Call(args) }); p != nil {
			t.Errorf("%s panicked: %v", name, p)
		}
	}
}

// zeroArgument is nil but for functions, which are the program's to give.
func zeroArgument(typ reflect.Type) reflect.Value {
	if typ.Kind() != reflect.Func {
		return reflect.Zero(typ)
	}
	return reflect.MakeFunc(typ, func([]reflect.Value) []reflect.Value {
		results := make([]reflect.Value, typ.NumOut())
		for i := range results {
			results[i] = reflect.Zero(typ.Out(i))
		}
		return results
	})
}

func TestEveryMethodWorksOnNilAndZero(t *testing.T) {
	for _, v := range []any{
		(*sentrial.Client)(nil), &sentrial.Client{}, (*sentrial.Session)(nil), &sentrial.Session{},
		(*sentrial.ToolSpan)(nil), &sentrial.ToolSpan{}, (*sentrial.LLMSpan)(nil), &sentrial.LLMSpan{}, (*sentrial.StepSpan)(nil), &sentrial.StepSpan{},
		&sentrial.APIError{}, &sentrial.IncompleteError{}, &sentrial.OptionError{},
		sentrial.MapCarrier{},
	} {
		zeroed(t, reflect.ValueOf(v))
	}
}

// TestEveryMethodOfALiveClientTakesZeroValues has nil contexts, empty names and ids.
func TestEveryMethodOfALiveClientTakesZeroValues(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	zeroed(t, reflect.ValueOf(rec.Client().Session("s")))
	zeroed(t, reflect.ValueOf(rec.Client()))
	if stats := rec.Client().Stats(); stats.Accepted != stats.Delivered {
		t.Errorf("of %d events %d were delivered", stats.Accepted, stats.Delivered)
	}
}

// helpers calls every function that finds its session in ctx.
func helpers(ctx context.Context) {
	sentrial.SessionFromContext(ctx)
	sentrial.Decide(ctx, types.Decision{})
	sentrial.ReportError(ctx, errBoom, nil)
	sentrial.ReportError(ctx, nil)
	func() { defer sentrial.Recover(ctx) }()
	_, _ = sentrial.Tool(ctx, "", 1, func(context.Context, int) (int, error) { return 1, nil }, nil)
	_, _ = sentrial.WrapTool("", func(context.Context, int) (int, error) { return 1, nil })(ctx, 1)
	_, _ = sentrial.LLM(ctx, types.LLMCall{}, func(context.Context, *types.LLMCall) (int, error) { return 1, nil }, nil)
	_ = sentrial.Step(ctx, "", func(context.Context) error { return nil }, nil)
	_, _ = sentrial.StepValue(ctx, "", func(context.Context) (int, error) { return 1, nil })
	toolCtx, tool := sentrial.StartTool(ctx, types.ToolCall{}, nil)
	llmCtx, llm := sentrial.StartLLM(toolCtx, types.LLMCall{})
	_, step := sentrial.StartStep(llmCtx, types.Step{})
	step.End(nil)
	llm.FirstToken()
	llm.End(nil)
	tool.End(nil)
	sentrial.Inject(ctx, sentrial.MapCarrier{})
	sentrial.Inject(ctx, nil)
}

func TestHelpersWithoutAContextOrSession(t *testing.T) {
	var disabled *sentrial.Client
	for name, ctx := range map[string]context.Context{
		"nil": nil, "no session": context.Background(), "nil session": (*sentrial.Session)(nil).Context(context.Background()),
		"zero session": (&sentrial.Session{}).Context(nil), //nolint:staticcheck // a nil context is what this is about
		"nil client":   disabled.Session("s").Context(context.Background()),
	} {
		if p := caught(func() { helpers(ctx) }); p != nil {
			t.Errorf("%s: panicked: %v", name, p)
		}
	}
}

func TestClientWithoutKeyRecordsNothingAndSaysSoOnce(t *testing.T) {
	var log logged
	client, err := sentrial.New(sentrial.WithLogger(log.logger()), sentrial.WithHTTPClient(noNetwork(t)))
	recordsNothing(t, t.Context(), client.Session("s"))
	ctx, session := client.CreateSession(t.Context(), "s")
	recordsNothing(t, ctx, session)
	helpers(ctx)
	if err := errors.Join(err, client.Flush(ctx), client.Close(ctx)); err != nil {
		t.Error(err)
	}
	if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "SENTRIAL_API_KEY") {
		t.Errorf("the log says %q, want one line that says what to do", lines)
	}
	if stats := client.Stats(); stats.Accepted != 0 || stats.Dropped == nil || stats.Refused == nil {
		t.Errorf("stats = %+v", stats)
	}
}

func TestDisabledClientIsSilent(t *testing.T) {
	t.Setenv("SENTRIAL_DISABLED", "true")
	var log logged
	client, err := sentrial.New(sentrial.WithAPIKey("k"), sentrial.WithLogger(log.logger()), sentrial.WithHTTPClient(noNetwork(t)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, session := client.CreateSession(t.Context(), "s")
	recordsNothing(t, ctx, session)
	if lines := log.lines(); len(lines) != 0 {
		t.Errorf("the log says %q, want nothing", lines)
	}
}

func TestLoopbackNeedsNoKey(t *testing.T) {
	for _, url := range []string{"http://127.0.0.1:1", "http://localhost:1/base", "http://[::1]:1", "http://127.8.8.8"} {
		wire := &wire{}
		client, err := sentrial.New(sentrial.WithAPIURL(url), sentrial.WithHTTPClient(wire.client()))
		if err != nil {
			t.Fatal(err)
		}
		_, session := client.CreateSession(t.Context(), "s")
		if id := session.TrackStep(t.Context(), types.Step{Name: "x"}); id == "" {
			t.Errorf("%s: not accepted", url)
		}
		if err := client.Close(t.Context()); err != nil || len(wire.events(t)) != 2 {
			t.Errorf("%s: %v, %d events", url, err, len(wire.events(t)))
		}
	}
}
