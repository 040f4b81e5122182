package genai_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

func TestExplanations(t *testing.T) {
	spans := grown(1, agent("a", step("s", chat("w", 1, 2).around(chat("m", 1, 2)), http("POST")), tool("t").around(mcp("t")), tool("hidden")).with(in("s")...))
	a := genai.NewAssembler(genai.Config{Explain: true, Filter: func(s *genai.Span) bool { return s.Name != "hidden" }})
	a.Add(begin, spans...)
	a.Add(begin, grown(2, chat("copy", 1, 2).by("client"))...)
	found := make(map[string]genai.Explanation)
	for _, r := range a.Close(begin) {
		for _, x := range r.Explanations {
			found[x.Span.Name+" of "+x.Span.Scope.Name] = x
		}
	}
	for name, want := range map[string]struct {
		kind, why string
		became    int
	}{
		"a of test": {"agent", "", 1}, "s of test": {"chain", "a step of a framework", 0}, "w of test": {"llm", "around the call in span", 0}, "m of test": {"llm", "", 1},
		"POST of test": {"other", "not a GenAI span", 0}, "t of test": {"tool", "", 1}, "t of mcp": {"tool", "the same call of a tool as span", 0},
		"hidden of test": {"tool", "the filter", 0}, "copy of client": {"llm", "the same call as span", 0},
	} {
		x := found[name]
		if x.Kind != want.kind || len(x.Became) != want.became || !strings.Contains(x.Why, want.why) || want.why == "" && x.Why != "" {
			t.Errorf("%s = %+v", name, x)
		}
	}
	m := found["m of test"]
	if m.Session != "s" || m.From != "session.id" || m.Rule != "gen_ai.operation.name = chat" || len(m.Fields) < 3 || m.Became[0] != eventID(m.Span) {
		t.Errorf("m = %+v", m)
	}
}
