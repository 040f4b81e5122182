package genai_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// begin is when the spans of these tests begin; after(n) is n milliseconds later.
var begin = time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.UTC)

func after(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }

// tree is a span that a test wants, with the spans inside it. Its name is what the test calls it.
type tree struct {
	name     string
	from, to int // milliseconds after begin
	attrs    []any
	scope    string
	fails    string // with an exception of this message
	remote   bool   // below a parent in another process
	hint     string // the session that its context named
	dropped  int
	inside   []tree
}

// grown gives the spans of a tree in the trace with a number, those outside first.
func grown(trace int, t tree) (spans []*genai.Span) {
	var id genai.TraceID
	binary.BigEndian.PutUint64(id[8:], uint64(trace))
	t.grow(id, genai.SpanID{}, &spans)
	return spans
}

func (t tree) grow(trace genai.TraceID, parent genai.SpanID, spans *[]*genai.Span) {
	s := &genai.Span{
		TraceID: trace, ParentID: parent, Name: t.name, Start: after(t.from), End: after(t.to), Scope: genai.Scope{Name: cmp.Or(t.scope, "test")},
		Attributes: pairs(t.attrs...), Session: t.hint, Dropped: t.dropped,
	}
	binary.BigEndian.PutUint32(s.SpanID[4:], uint32(len(*spans)+1))
	s.SpanID[0] = trace[15]
	if t.remote {
		s.ParentID, s.RemoteParent = genai.SpanID{0: 0xff, 7: 1}, true
	}
	if t.fails != "" {
		s.Status, s.Message = genai.StatusError, t.fails
		s.Events = []genai.SpanEvent{{Name: "exception", Time: after(t.to), Attributes: pairs("exception.type", "Boom", "exception.message", t.fails)}}
	}
	*spans = append(*spans, s)
	for _, inner := range t.inside {
		inner.grow(trace, s.SpanID, spans)
	}
}

func pairs(list ...any) (attrs []genai.Attribute) {
	for i := 0; i+1 < len(list); i += 2 {
		v := list[i+1]
		if n, ok := v.(int); ok {
			v = int64(n)
		}
		attrs = append(attrs, genai.Attribute{Key: list[i].(string), Value: v})
	}
	return attrs
}

// chat is a call of a model that counts tokens.
func chat(name string, in, out int, more ...any) tree {
	return tree{name: name, to: 10, attrs: append([]any{"gen_ai.operation.name", "chat", "gen_ai.request.model", "m", "gen_ai.usage.input_tokens", in, "gen_ai.usage.output_tokens", out}, more...)}
}

func tool(name string, more ...any) tree {
	return tree{name: name, to: 10, attrs: append([]any{"gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", name}, more...)}
}

func agent(name string, inside ...tree) tree {
	return tree{name: name, to: 100, attrs: []any{"gen_ai.operation.name", "invoke_agent", "gen_ai.agent.name", name}, inside: inside}
}

// step is of a framework, and no event by itself.
func step(name string, inside ...tree) tree {
	return tree{name: name, to: 90, attrs: []any{"gen_ai.operation.name", "agent_step"}, inside: inside}
}

func http(name string, inside ...tree) tree { return tree{name: name, to: 100, inside: inside} }

func (t tree) with(more ...any) tree {
	t.attrs = append(slices.Clone(t.attrs), more...)
	return t
}

func (t tree) at(from, to int) tree { t.from, t.to = from, to; return t }

func (t tree) by(scope string) tree { t.scope = scope; return t }

func (t tree) failing(message string) tree { t.fails = message; return t }

func (t tree) around(inside ...tree) tree { t.inside = inside; return t }

func (t tree) called() tree { t.remote = true; return t }

// events gives the events of everything that was released, those of each release in their order.
func events(given []genai.Released) (all []genai.Event) {
	for _, r := range given {
		all = append(all, r.Events...)
	}
	return all
}

// told gives the events of spans that came at once, a line each, sorted.
func told(c genai.Config, traces ...[]*genai.Span) []string {
	a := genai.NewAssembler(c)
	spans := slices.Concat(traces...)
	a.Add(begin, spans...)
	return lines(spans, events(a.Close(begin)))
}

// lines gives a line for each event, with the names of spans instead of ids. The session is only told when it is not the trace's.
func lines(spans []*genai.Span, all []genai.Event) (list []string) {
	for i := range all {
		list = append(list, line(spans, &all[i]))
	}
	slices.Sort(list)
	return list
}

func line(spans []*genai.Span, e *genai.Event) string {
	words := []string{string(e.Type)}
	say := func(format string, v ...any) { words = append(words, fmt.Sprintf(format, v...)) }
	switch {
	case e.LLMCall != nil:
		say("%s %d+%d", nameOf(spans, e.SpanID), e.LLMCall.Usage.Input, e.LLMCall.Usage.Output)
	case e.ToolCall != nil:
		say("%s", e.ToolCall.Name)
	case e.Step != nil:
		say("%s", e.Step.Name)
	case e.Session != nil:
		say("%q", e.Session.Name)
	case e.Failure != nil:
		say("%q", e.Failure.Message)
	case e.Into != "":
		say("into %s", e.Into)
	}
	if e.Status != "" && e.Status != genai.StatusOfSuccess {
		say("%s", e.Status)
	}
	if e.ParentID != "" {
		say("< %s", parentName(spans, e.ParentID))
	}
	if e.SessionID != "trace_"+e.TraceID.String() {
		say("in %s", e.SessionID)
	}
	return strings.Join(words, " ")
}

func nameOf(spans []*genai.Span, id genai.SpanID) string {
	for _, s := range spans {
		if s.SpanID == id {
			return s.Name
		}
	}
	return id.String()
}

func parentName(spans []*genai.Span, event string) string {
	for _, s := range spans {
		if event == eventID(s) {
			return s.Name
		}
	}
	return event
}

func eventID(s *genai.Span) string { return "otel_" + s.TraceID.String() + "_" + s.SpanID.String() }

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("%s\n got %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}
