package genai_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// inPieces gives spans away in pieces, each long after the one before.
func inPieces(c genai.Config, pieces ...[]*genai.Span) (all []genai.Event) {
	a := genai.NewAssembler(c)
	now := begin
	for _, spans := range pieces {
		a.Add(now, spans...)
		now = now.Add(31 * time.Second)
		all = append(all, events(a.Take(now))...)
	}
	return append(all, events(a.Close(now))...)
}

// each gives the spans one by one.
func each(spans []*genai.Span) (pieces [][]*genai.Span) {
	for _, s := range spans {
		pieces = append(pieces, []*genai.Span{s})
	}
	return pieces
}

// However long after one another the spans of a trace come, outermost first or last, calls, tools and failures are told once and tokens counted once.
func TestSpansThatComeLate(t *testing.T) {
	for name, test := range map[string]struct {
		run             tree
		outside, inside []string // when the outermost came first, and when it came last
	}{
		"parents are remembered": {
			run:     agent("a", step("s", chat("m", 1, 2))).with(in("s")...),
			outside: []string{`session_start "a" in s`, "llm_call m 1+2 < a in s", "session_end in s"},
			inside:  []string{"llm_call m 1+2", `session_start "a" in s`, "session_alias into s", "session_end in s"},
		},
		"a call around a call": {
			run:     agent("a", chat("w", 9, 9).around(chat("m", 1, 2))),
			outside: []string{`session_start "a"`, "session_end", "llm_call w 9+9 < a"},
			inside:  []string{"llm_call m 1+2", `session_start "a"`, "session_end"},
		},
		"an agent that sums": {
			run:     agent("a", chat("m", 1, 2)).with("gen_ai.usage.input_tokens", 1),
			outside: []string{`session_start "a"`, "session_end", "llm_call a 1+0 < a", "llm_call m 0+0 < a"},
			inside:  []string{"llm_call m 1+2", `session_start "a"`, "session_end"},
		},
		"a tool in the same tool": {
			run:     agent("a", tool("t").around(mcp("t"))),
			outside: []string{`session_start "a"`, "session_end", "tool_call t < a"},
			inside:  []string{"tool_call t", `session_start "a"`, "session_end"},
		},
		"a failure": {
			run:     agent("a", step("s", chat("m", 1, 2).failing("x")).failing("x")).failing("x"),
			outside: []string{`session_start "a"`, "session_end error", "llm_call m 1+2 error < a", `error "x" < a`},
			inside:  []string{"llm_call m 1+2 error", `session_start "a"`, "session_end error", `error "x" < m`},
		},
		"a call by two instrumentations": {
			run:     http("GET", chat("m", 5, 6).by("framework"), chat("n", 5, 6).by("client").at(2, 8)),
			outside: []string{"llm_call m 5+6"}, // the root had nothing in it when it came
			inside:  []string{"llm_call n 5+6", `session_start "GET"`, "session_end"},
		},
		"a call id by two instrumentations": {
			run:     agent("a", tool("t", "gen_ai.tool.call.id", "c"), tool("u", "gen_ai.tool.call.id", "c").at(2, 8), tool("v", "gen_ai.tool.call.id", "c").at(500, 600)),
			outside: []string{`session_start "a"`, "session_end", "tool_call t < a", "tool_call v < a"},
			inside:  []string{"tool_call v", "tool_call u", `session_start "a"`, "session_end"},
		},
		"a failure after another": {
			run:     agent("a", tool("t").failing("x"), chat("m", 1, 2).at(20, 30)).failing("y"),
			outside: []string{`session_start "a"`, "session_end error", "tool_call t error < a", "llm_call m 1+2 < a", `error "x" < t`, `error "y" < a`},
			inside:  []string{`session_start "a"`, "session_end error", "tool_call t error", "llm_call m 1+2", `error "x" < t`, `error "y" < a`},
		},
		"a tool in a call": {
			run:     chat("m", 1, 2).around(tool("t").around(chat("n", 3, 4))),
			outside: []string{`session_start "m"`, "session_end", "llm_call m 1+2", "tool_call t < m", "llm_call n 3+4 < t"},
			inside:  []string{`session_start "m"`, "session_end", "llm_call m 1+2", "tool_call t", "llm_call n 3+4"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			spans := grown(1, test.run)
			same(t, "outermost first", lines(spans, inPieces(genai.Config{}, each(spans)...)), test.outside...)
			slices.Reverse(spans)
			same(t, "outermost last", lines(spans, inPieces(genai.Config{}, each(spans)...)), test.inside...)
			same(t, "and all of them again", lines(spans, inPieces(genai.Config{}, append(each(spans), spans)...)), test.inside...)
		})
	}
}

// What is remembered is bounded, and traffic in which nothing is recorded pushes nothing out.
func TestMemoryIsBounded(t *testing.T) {
	spans := grown(1, agent("a", chat("m", 1, 2)).with(in("s")...))
	for name, other := range map[string]struct {
		run  tree
		want string
	}{"handlers": {http("GET"), "s"}, "agents": {agent("x", tool("t")), "trace_" + spans[0].TraceID.String()}} {
		a := genai.NewAssembler(genai.Config{MaxTraces: 100})
		a.Add(begin, spans[0])
		a.Take(after(5000))
		for i := range 200 {
			a.Add(after(5000), grown(i+2, other.run)...)
		}
		a.Take(after(20_000))
		a.Add(after(20_000), spans[1])
		for _, e := range events(a.Take(after(30_000))) {
			if e.LLMCall != nil && e.SessionID != other.want {
				t.Errorf("%s: the call is in session %q, want %q", name, e.SessionID, other.want)
			}
		}
	}
}

// A failure that passed through spans that come in any order is told once.
func TestOneFailureWhoseSpansComeInAnyOrder(t *testing.T) {
	spans := grown(1, agent("a", step("s", http("h", tool("t").around(step("u", tool("v").at(2, 8).failing("x")).at(1, 9).failing("x")).failing("x"))).failing("x")).failing("x"))
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {0, 5, 1, 2, 3, 4}, {1, 4, 3, 2, 5, 0}, {5, 0, 4, 1, 3, 2}, {4, 1, 5, 0, 2, 3}} {
		var pieces [][]*genai.Span
		for _, i := range order {
			pieces = append(pieces, spans[i:i+1])
		}
		told := 0
		for _, e := range inPieces(genai.Config{}, pieces...) {
			if e.Failure != nil {
				told++
			}
		}
		if told != 1 {
			t.Errorf("in the order %v: %d errors", order, told)
		}
	}
}
