package genai_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

func mcp(name string, more ...any) tree {
	return tool(name, more...).by("mcp")
}

// Each case is one trace, given at once, and the events it becomes.
func TestOneTrace(t *testing.T) {
	ours := func(kind string, x tree) tree {
		return x.with("sentrial.source", "sdk", "sentrial.event.id", "evt_"+x.name, "sentrial.event.type", kind, "sentrial.session.id", "own")
	}
	for name, test := range map[string]struct {
		run  tree
		c    genai.Config
		want []string
	}{
		// Who opens a session.
		"agent":                       {run: agent("a"), want: []string{`session_start "a"`, "session_end"}},
		"agent, called":               {run: agent("a").called(), want: []string{`session_start "a"`, "session_end"}},
		"handler":                     {run: http("GET", agent("a")), want: []string{`session_start "a"`, "session_end", "step a < GET"}},
		"handler, called":             {run: http("GET", agent("a")).called(), want: []string{`session_start "a"`, "session_end", "step a < GET"}},
		"handler of a model":          {run: http("GET", chat("m", 1, 2)), want: []string{`session_start "GET"`, "session_end", "llm_call m 1+2 < GET"}},
		"handler of a model, called":  {run: http("GET", chat("m", 1, 2)).called(), want: []string{"llm_call m 1+2"}},
		"model":                       {run: chat("m", 1, 2), want: []string{`session_start "m"`, "session_end", "llm_call m 1+2"}},
		"model, called":               {run: chat("m", 1, 2).called(), want: []string{"llm_call m 1+2 < otel_00000000000000000000000000000001_ff00000000000001"}},
		"tool":                        {run: tool("t"), want: []string{`session_start "t"`, "session_end", "tool_call t"}},
		"handler of nothing":          {run: http("GET", http("DB"))},
		"handler that fails":          {run: http("GET").failing("500")},
		"operation without an event":  {run: tree{name: "c", attrs: []any{"gen_ai.operation.name", "create_agent"}}},
		"model of a session":          {run: chat("m", 1, 2, "session.id", "s"), want: []string{`session_start "" in s`, "session_end in s", "llm_call m 1+2 in s"}},
		"left out by the filter":      {run: chat("m", 1, 2), c: genai.Config{Filter: func(s *genai.Span) bool { return s.Name != "m" }}},
		"agent around one left out":   {run: agent("a", chat("m", 1, 2).around(tool("t"))).with("gen_ai.usage.input_tokens", 1), c: genai.Config{Filter: func(s *genai.Span) bool { return s.Name != "m" }}, want: []string{`session_start "a"`, "session_end", "tool_call t < a"}},
		"chains asked for":            {run: agent("a", step("s", http("POST", chat("m", 1, 2)))), c: genai.Config{Generic: true}, want: []string{`session_start "a"`, "session_end", "step s < a", "step POST < s", "llm_call m 1+2 < POST"}},
		"nothing of GenAI, asked for": {run: http("GET", http("DB")), c: genai.Config{Generic: true}},

		// Who is around whom.
		"steps are passed over": {run: agent("a", step("s", http("POST", chat("m", 1, 2)))), want: []string{`session_start "a"`, "session_end", "llm_call m 1+2 < a"}},
		"agents in agents": {
			run:  agent("a", tool("t").around(agent("b", chat("m", 1, 2)))),
			want: []string{`session_start "a"`, "session_end", "tool_call t < a", "step b < t", "llm_call m 1+2 < b"},
		},

		// Tokens are counted once.
		"sums of an agent": {run: agent("a", chat("m", 1, 2), chat("n", 3, 4)).with("gen_ai.usage.input_tokens", 4), want: []string{`session_start "a"`, "session_end", "llm_call m 1+2 < a", "llm_call n 3+4 < a"}},
		"a call around calls": {
			run: chat("w", 4, 6).around(step("s", chat("m", 1, 2)), chat("n", 3, 4)), want: []string{`session_start "w"`, "session_end", "llm_call m 1+2 < w", "llm_call n 3+4 < w"},
		},
		"a call around one call":   {run: agent("a", chat("w", 9, 2).around(step("s", chat("m", 0, 0).by("inner")))), want: []string{`session_start "a"`, "session_end", "llm_call m 9+2 < a"}},
		"embeddings twice":         {run: chat("w", 5, 0).with("gen_ai.operation.name", "embeddings").around(chat("m", 5, 0)), want: []string{`session_start "w"`, "session_end", "llm_call m 5+0 < w"}},
		"tools inside of the call": {run: agent("a", chat("m", 1, 2).around(tool("t").around(agent("b", chat("n", 3, 4))))), want: []string{`session_start "a"`, "session_end", "llm_call m 1+2 < a", "tool_call t < m", "step b < t", "llm_call n 3+4 < b"}},
		"agent inside of the call": {run: chat("m", 1, 2).around(agent("b", chat("n", 3, 4))), want: []string{`session_start "b"`, "session_end", "llm_call m 1+2", "step b < m", "llm_call n 3+4 < b"}},
		"agent elsewhere":          {run: agent("a").with("gen_ai.usage.input_tokens", 7), want: []string{`session_start "a"`, "session_end", "llm_call a 7+0 < a"}},
		"agent elsewhere, inside":  {run: agent("a", agent("b").with("gen_ai.usage.output_tokens", 7)).with("gen_ai.usage.output_tokens", 7), want: []string{`session_start "a"`, "session_end", "step b < a", "llm_call b 0+7 < b"}},
		"a chain that sums":        {run: agent("a", step("s").with("gen_ai.usage.input_tokens", 7)), want: []string{`session_start "a"`, "session_end", "llm_call s 7+0 < a"}},
		"a piece of a call":        {run: chat("m", 7, 1).around(step("chunk").with("gen_ai.usage.input_tokens", 7)), want: []string{`session_start "m"`, "session_end", "llm_call m 7+1"}},
		"a filter hides no call":   {run: agent("a", chat("m", 1, 2)).with("gen_ai.usage.input_tokens", 1), c: genai.Config{Filter: func(s *genai.Span) bool { return s.Name != "m" }}, want: []string{`session_start "a"`, "session_end"}},
		// Events of Sentrial's SDK.
		"left out":           {run: ours("session_start", agent("a", ours("llm_call", chat("m", 1, 2)).around(chat("n", 1, 2)), tool("t"))), c: genai.Config{SkipOurs: true}, want: []string{"tool_call t < evt_a in own"}},
		"read":               {run: ours("session_start", agent("a", ours("llm_call", chat("m", 1, 2)).around(chat("n", 1, 2), chat("o", 1, 2)))), want: []string{`session_start "a" in own`, "llm_call m 1+2 in own"}},
		"a tool of the SDK":  {run: ours("session_start", agent("a", ours("tool_call", tool("t")).around(tool("other")))), c: genai.Config{SkipOurs: true}},
		"a handler around":   {run: http("GET", ours("llm_call", chat("m", 1, 2))), c: genai.Config{SkipOurs: true}},
		"what is inside":     {run: http("GET", ours("session_start", agent("a", chat("n", 1, 2)))), c: genai.Config{SkipOurs: true}, want: []string{"llm_call n 1+2 < evt_a in own"}},
		"attempts of a call": {run: ours("session_start", agent("a", ours("llm_call", chat("m", 3, 4)).around(chat("n", 1, 2).failing("x"), chat("o", 3, 4)))), c: genai.Config{SkipOurs: true}},

		// One call of a tool.
		"a tool by two instrumentations": {run: agent("a", tool("t").around(mcp("t"))), want: []string{`session_start "a"`, "session_end", "tool_call t < a"}},
		"a tool that calls another":      {run: agent("a", tool("t").around(tool("u"))), want: []string{`session_start "a"`, "session_end", "tool_call t < a", "tool_call u < t"}},
		"a tool that calls itself":       {run: tool("t").at(0, 50).around(agent("b", tool("t"))), want: []string{`session_start "b"`, "session_end", "tool_call t", "step b < t", "tool_call t < b"}},
		"a tool that outlives it":        {run: tool("t").around(tool("t").at(0, 500)), want: []string{`session_start "t"`, "session_end", "tool_call t", "tool_call t < t"}},
		"one call id":                    {run: agent("a", tool("t", "gen_ai.tool.call.id", "c"), tool("t", "gen_ai.tool.call.id", "c").by("mcp")), want: []string{`session_start "a"`, "session_end", "tool_call t < a"}},
		"one call id, tried again":       {run: agent("a", tool("t", "gen_ai.tool.call.id", "c").failing("x"), tool("t", "gen_ai.tool.call.id", "c").at(500, 510)), want: []string{`session_start "a"`, "session_end", "tool_call t error < a", "tool_call t < a", `error "x" < t`}},
		"one call id, used again":        {run: agent("a", tool("t", "gen_ai.tool.call.id", "call_0"), tool("u", "gen_ai.tool.call.id", "call_0").at(500, 510)), want: []string{`session_start "a"`, "session_end", "tool_call t < a", "tool_call u < a"}},
		"the inner one fails":            {run: agent("a", tool("t").around(mcp("t").failing("x"))), want: []string{`session_start "a"`, "session_end", "tool_call t error < a", `error "x" < t`}},

		// One call of a model, side by side.
		"two instrumentations":       {run: http("GET", step("chain", chat("m", 5, 6).by("framework")), chat("n", 5, 6).by("client").at(2, 8)), want: []string{`session_start "GET"`, "session_end", "llm_call m 5+6 < GET"}},
		"two calls":                  {run: http("GET", chat("m", 5, 6).by("framework"), chat("n", 5, 6).by("client").at(100, 110)), want: []string{`session_start "GET"`, "session_end", "llm_call m 5+6 < GET", "llm_call n 5+6 < GET"}},
		"two calls at once":          {run: http("GET", chat("m", 5, 6), chat("n", 5, 6)), want: []string{`session_start "GET"`, "session_end", "llm_call m 5+6 < GET", "llm_call n 5+6 < GET"}},
		"two calls, other ids":       {run: http("GET", chat("m", 5, 6, "gen_ai.response.id", "r").by("framework"), chat("n", 5, 6, "gen_ai.response.id", "q")), want: []string{`session_start "GET"`, "session_end", "llm_call m 5+6 < GET", "llm_call n 5+6 < GET"}},
		"exported twice":             {run: http("GET", chat("m", 5, 6, "gen_ai.response.id", "r"), chat("n", 5, 6, "gen_ai.response.id", "r")), want: []string{`session_start "GET"`, "session_end", "llm_call m 5+6 < GET"}},
		"one id from a cache, later": {run: http("GET", chat("m", 5, 6, "gen_ai.response.id", "r"), chat("n", 5, 6, "gen_ai.response.id", "r").at(900, 910)), want: []string{`session_start "GET"`, "session_end", "llm_call m 5+6 < GET", "llm_call n 5+6 < GET"}},

		// One error for one failure.
		"through three spans":              {run: agent("a", step("s", chat("m", 1, 2).around(http("POST").failing("x")).failing("x")).failing("x")).failing("x"), want: []string{`session_start "a"`, "session_end error", "llm_call m 1+2 error < a", `error "x" < m`}},
		"two failures":                     {run: agent("a", tool("t").failing("x"), tool("u").failing("x")), want: []string{`session_start "a"`, "session_end", "tool_call t error < a", "tool_call u error < a", `error "x" < t`, `error "x" < u`}},
		"of its own, after another":        {run: agent("a", tool("t").failing("x"), chat("m", 1, 2).at(20, 30)).failing("y"), want: []string{`session_start "a"`, "session_end error", "tool_call t error < a", "llm_call m 1+2 < a", `error "x" < t`, `error "y" < a`}},
		"in other words, after it went on": {run: agent("a", tool("t").failing("x"), chat("m", 1, 2).at(20, 30)).failing("it failed: x"), want: []string{`session_start "a"`, "session_end error", "tool_call t error < a", "llm_call m 1+2 < a", `error "x" < t`}},
		"in other words":                   {run: agent("a", chat("m", 1, 2), tool("t").at(20, 30).failing("x")).failing("y"), want: []string{`session_start "a"`, "session_end error", "tool_call t error < a", "llm_call m 1+2 < a", `error "x" < t`}},
		"of a step":                        {run: agent("a", step("s", chat("m", 1, 2)).failing("x")), want: []string{`session_start "a"`, "session_end", "llm_call m 1+2 < a", `error "x" < a`}},
		"of a handler":                     {run: http("GET", agent("a")).failing("x"), want: []string{`session_start "a"`, "session_end error", "step a < GET", `error "x" < GET`}},
		"of what is not GenAI":             {run: agent("a", http("DB").failing("x")), want: []string{`session_start "a"`, "session_end"}},
		"of the agent in it":               {run: http("GET", agent("a").failing("x")), want: []string{`session_start "a"`, "session_end error", "step a error < GET", `error "x" < a`}},
		"of the call around":               {run: agent("a", chat("w", 1, 2).around(chat("m", 1, 2)).failing("x")), want: []string{`session_start "a"`, "session_end", "llm_call m 1+2 < a", `error "x" < a`}},
		"a model that stopped":             {run: agent("a", chat("m", 1, 2, "gen_ai.response.finish_reasons", []string{"error"})), want: []string{`session_start "a"`, "session_end", "llm_call m 1+2 error < a"}},
		"seen by the one above":            {run: agent("a", chat("m", 1, 2, "gen_ai.response.finish_reasons", []string{"error"})).failing("x"), want: []string{`session_start "a"`, "session_end error", "llm_call m 1+2 error < a", `error "x" < a`}},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, "at once", told(test.c, grown(1, test.run)), test.want...)
		})
	}
}
