package sentrial_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// zeroValues has one of every exported type that is not an interface: the zero value where that is one to use, a pointer to it, and nil.
var zeroValues = map[string][]any{
	"sentrial.APIError":        {&sentrial.APIError{}},
	"sentrial.Client":          {(*sentrial.Client)(nil), &sentrial.Client{}},
	"sentrial.Compression":     {sentrial.Compression(0)},
	"sentrial.ContentMode":     {sentrial.ContentMode(0), sentrial.ContentMode(-1)},
	"sentrial.Drop":            {sentrial.Drop{}, &sentrial.Drop{}},
	"sentrial.DropReason":      {sentrial.DropReason("")},
	"sentrial.IncompleteError": {&sentrial.IncompleteError{}},
	"sentrial.LLMSpan":         {(*sentrial.LLMSpan)(nil), &sentrial.LLMSpan{}},
	"sentrial.MapCarrier":      {sentrial.MapCarrier{}}, // as with http.Header, to set something it has to be made
	"sentrial.OptionError":     {&sentrial.OptionError{}},
	"sentrial.Overflow":        {sentrial.Overflow(0)},
	"sentrial.Protocol":        {sentrial.Protocol(0)},
	"sentrial.Session":         {(*sentrial.Session)(nil), &sentrial.Session{}},
	"sentrial.SessionQuery":    {sentrial.SessionQuery{}},
	"sentrial.Stats":           {sentrial.Stats{}},
	"sentrial.StepSpan":        {(*sentrial.StepSpan)(nil), &sentrial.StepSpan{}},
	"sentrial.ToolSpan":        {(*sentrial.ToolSpan)(nil), &sentrial.ToolSpan{}},
	"types.Decision":           {&types.Decision{}},
	"types.ErrorEvent":         {&types.ErrorEvent{}},
	"types.Event":              {&types.Event{}},
	"types.EventType":          {types.EventType("")},
	"types.Feedback":           {&types.Feedback{}},
	"types.FieldError":         {&types.FieldError{}},
	"types.LLMCall":            {&types.LLMCall{}},
	"types.Message":            {&types.Message{}},
	"types.Part":               {&types.Part{}},
	"types.PayloadError":       {&types.PayloadError{}},
	"types.Session":            {&types.Session{}},
	"types.SessionFields":      {&types.SessionFields{}},
	"types.SessionResult":      {&types.SessionResult{}},
	"types.Status":             {types.Status("")},
	"types.Step":               {&types.Step{}},
	"types.ToolCall":           {&types.ToolCall{}},
	"types.Usage":              {&types.Usage{}},
}

// exportedTypes are those that a package's files declare, interfaces aside.
func exportedTypes(t *testing.T, pattern string) (found []string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", pattern, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, is := n.(*ast.TypeSpec); is && spec.Name.IsExported() && !isInterface(spec) {
				found = append(found, parsed.Name.Name+"."+spec.Name.Name)
			}
			return true
		})
	}
	return found
}

func isInterface(spec *ast.TypeSpec) bool {
	_, is := spec.Type.(*ast.InterfaceType)
	return is || spec.Name.Name == "Hook" // which is an any
}

func TestRow59ZeroValuesOfEveryExportedType(t *testing.T) {
	for _, name := range slices.Concat(exportedTypes(t, "*.go"), exportedTypes(t, "types/*.go")) {
		values := zeroValues[name]
		if values == nil {
			t.Errorf("%s is not among the zero values of this test", name)
		}
		for _, v := range values {
			zeroed(t, reflect.ValueOf(v))
		}
	}
}

// sequences are the reading methods that give their answer bit by bit.
func sequences(ctx context.Context, c *sentrial.Client) map[string]func() error {
	return map[string]func() error{
		"ListSessions": func() error { return onlyError(c.ListSessions(ctx, sentrial.SessionQuery{})) },
		"Events":       func() error { return onlyError(c.Events(ctx, "s")) },
		"GetSession": func() error {
			_, err := c.GetSession(ctx, "s")
			return err
		},
	}
}

func onlyError[T any](seq iter.Seq2[T, error]) (err error) {
	for _, e := range seq {
		err = errors.Join(err, e)
	}
	return err
}

// TestRow59NilClients of every kind record nothing, read nothing, and say so where there is an error to say it with.
func TestRow59NilClients(t *testing.T) {
	var none context.Context
	for name, client := range map[string]*sentrial.Client{"nil": nil, "zero": {}} {
		for _, p := range places {
			if v := caught(func() { p.put(none, client, map[string]any{"k": 1}) }); v != nil {
				t.Errorf("%s client, %s: panicked: %v", name, p.name, v)
			}
		}
		for what, read := range sequences(none, client) {
			if err := read(); !errors.Is(err, sentrial.ErrUnsupported) {
				t.Errorf("%s client, %s: %v, want ErrUnsupported", name, what, err)
			}
		}
		if err := errors.Join(client.Flush(none), client.Close(none), client.Close(none), client.Flush(none)); err != nil {
			t.Errorf("%s client: %v", name, err)
		}
		if ctx := client.Extract(none, http.Header{"Baggage": {"sentrial.session_id=s"}}); ctx == nil || sentrial.SessionFromContext(ctx) != nil {
			t.Errorf("%s client: Extract gave %v", name, ctx)
		}
	}
}

// TestRow59NilContext records as any other does.
func TestRow59NilContext(t *testing.T) {
	var none context.Context
	w := &wire{}
	client := newClient(t, w)
	for _, p := range places {
		key := p.put(none, client, "kept")
		if got := string(arrived(t, client, w).at(t, key, p.path)); got != `"kept"` {
			t.Errorf("%s: got %s", p.name, got)
		}
		w.forget()
	}
	if err := client.Close(none); err != nil {
		t.Error(err)
	}
}

func TestRow59NilOptions(t *testing.T) {
	client, err := sentrial.New(nil, sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(nil), sentrial.WithLogger(nil), sentrial.WithOnDrop(nil),
		sentrial.WithRedactor(nil), sentrial.WithTokenSource(nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := sentrial.New(sentrial.WithHook(nil)); err == nil {
		t.Error("a hook that is nil was taken")
	}
	w := &wire{}
	client = newClient(t, w, sentrial.WithRedactor(redactFunc(nil)), sentrial.WithHook(startHook(nil)), sentrial.WithHook(endHook(nil)), sentrial.WithTokenSource((*canarySource)(nil)))
	ctx, s := client.CreateSession(t.Context(), "", nil, sentrial.WithMetadata(nil), sentrial.WithTags(), sentrial.WithInput(nil))
	s.Update(ctx, nil)
	_, _ = sentrial.Tool(ctx, "", 1, func(context.Context, int) (int, error) { return 1, nil }, nil, sentrial.WithMetadata(nil))
	if id := s.TrackToolCall(ctx, types.ToolCall{}); id == "" {
		t.Error("not accepted: functions that are nil panic when they are called, and that is theirs alone")
	}
}

// TestRow59UseAfterClose: nothing panics, every recording call is refused and counted, every other one says ErrClosed.
func TestRow59UseAfterClose(t *testing.T) {
	client := newClient(t, &wire{})
	ctx, session := client.CreateSession(t.Context(), "s")
	_, open := sentrial.StartTool(ctx, types.ToolCall{ToolName: "left open"})
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := client.Stats()
	for what, call := range map[string]func() string{
		"TrackToolCall": func() string { return session.TrackToolCall(ctx, types.ToolCall{}) },
		"TrackDecision": func() string { return session.TrackDecision(ctx, types.Decision{}) },
		"TrackLLMCall":  func() string { return session.TrackLLMCall(ctx, types.LLMCall{}) },
		"TrackError":    func() string { return session.TrackError(ctx, types.ErrorEvent{}) },
		"TrackStep":     func() string { return session.TrackStep(ctx, types.Step{}) },
		"TrackFeedback": func() string { return session.TrackFeedback(ctx, types.Feedback{}) },
		"Update":        func() string { session.Update(ctx, sentrial.WithUserID("u")); return "" },
		"Session.Close": func() string { session.Close(ctx, types.SessionResult{}); return "" },
		"CreateSession": func() string { client.CreateSession(ctx, "late"); return "" },
		"Session":       func() string { return client.Session("other").TrackStep(ctx, types.Step{}) },
		"Record":        func() string { return client.Record(ctx, types.Event{Step: &types.Step{}}) },
		"Decide":        func() string { return sentrial.Decide(ctx, types.Decision{}) },
		"ReportError":   func() string { return sentrial.ReportError(ctx, errBoom) },
		"Tool": func() string {
			out, err := sentrial.Tool(ctx, "t", 20, func(_ context.Context, in int) (int, error) { return in + 1, errBoom })
			if out != 21 || !errors.Is(err, errBoom) {
				t.Errorf("Tool returned %d, %v", out, err)
			}
			return ""
		},
		"Step":     func() string { _ = sentrial.Step(ctx, "n", func(context.Context) error { return nil }); return "" },
		"StartLLM": func() string { _, span := sentrial.StartLLM(ctx, types.LLMCall{}); span.End(nil); return "" },
	} {
		refused := client.Stats().Refused[sentrial.DropClosed]
		if id := call(); id != "" {
			t.Errorf("%s gave the id %s", what, id)
		}
		if n := client.Stats().Refused[sentrial.DropClosed] - refused; n != 1 {
			t.Errorf("%s was counted %d times as refused", what, n)
		}
	}
	open.End(nil) // Close has recorded it as abandoned
	after := client.Stats()
	if err := lawOf(after); err != nil || after.Accepted != before.Accepted || after.Delivered != before.Delivered || after.Abandoned != 1 {
		t.Errorf("%v; before %+v, after %+v", err, before, after)
	}
	for what, read := range sequences(t.Context(), client) {
		if err := read(); !errors.Is(err, sentrial.ErrClosed) {
			t.Errorf("%s: %v, want ErrClosed", what, err)
		}
	}
	if err := client.Flush(t.Context()); !errors.Is(err, sentrial.ErrClosed) {
		t.Errorf("Flush: %v, want ErrClosed", err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Errorf("Close again: %v, want what the first one said", err)
	}
}

// TestRow59EveryPlaceAfterClose, and every method with zero values.
func TestRow59EveryPlaceAfterClose(t *testing.T) {
	for way, client := range shapedClients(t, &wire{}) {
		session := client.Session("s")
		if err := client.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, p := range places {
			refused := client.Stats().Refused[sentrial.DropClosed]
			if v := caught(func() { p.put(t.Context(), client, map[string]any{"k": byValue{1}}) }); v != nil {
				t.Errorf("%s, %s: panicked: %v", p.name, way, v)
			}
			if client.Stats().Refused[sentrial.DropClosed] == refused {
				t.Errorf("%s, %s: nothing was counted as refused", p.name, way)
			}
		}
		zeroed(t, reflect.ValueOf(client))
		zeroed(t, reflect.ValueOf(session))
		helpers(session.Context(t.Context()))
		if s := client.Stats(); s.Accepted != 0 || s.Queued != 0 {
			t.Errorf("%s: stats = %+v", way, s)
		}
	}
}
