package sentrialtest_test

import (
	"math"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// researchTimeline is what every failure about the research agent shows.
const researchTimeline = `
what happened:
session research: success in 1m3s, 2 LLM calls, 3 tool calls, 250 tokens, $0.00055
  +0s      step plan: 1s
  +0s        llm gpt-4o: 1s, 30+12 tokens, $0.0003
  +1s        decision search: confidence 0.9
  +1s      tool search {"limit":3,"text":"fjords"}: 500ms, error "no connection (tried 3 times)", $0.0001
  +1.5s    error outage "no connection (tried 3 times)": recoverable by "ask again in a minute"
  +1m1.5s  tool search {"limit":3,"text":"fjords"}: 500ms, $0.0001
  +1m2s    tool read "fjord.md"
  +1m2s    llm gpt-4o-mini: 1s, 200+8 tokens, $0.00005`

type recorder = sentrialtest.Recorder

// want is one assertion about the research agent, and the message that it fails with; none if it holds.
type want struct {
	assert  func(rec *recorder)
	message string
}

func check(t *testing.T, wants map[string]want) {
	t.Helper()
	for name, w := range wants {
		t.Run(name, func(t *testing.T) {
			expected := w.message
			if expected != "" {
				expected += researchTimeline
			}
			if got := researched(t, w.assert).said(); got != expected {
				t.Errorf("the test failed with\n%s\nwant\n%s", got, expected)
			}
		})
	}
}

var fjords = query{Text: "fjords", Limit: 3}

func TestWantTools(t *testing.T) {
	check(t, map[string]want{
		"exact":        {func(rec *recorder) { rec.WantTools("search", "search", "read") }, ""},
		"too few":      {func(rec *recorder) { rec.WantTools("search", "read") }, "WantTools: other tools were called\n got: search, search, read\nwant: search, read"},
		"other order":  {func(rec *recorder) { rec.WantTools("read", "search", "search") }, "WantTools: other tools were called\n got: search, search, read\nwant: read, search, search"},
		"none wanted":  {func(rec *recorder) { rec.WantTools() }, "WantTools: other tools were called\n got: search, search, read\nwant: (none)"},
		"none there":   {func(rec *recorder) { rec.In("plan").WantTools() }, ""},
		"none in plan": {func(rec *recorder) { rec.In("plan").WantTools("search") }, "WantTools: other tools were called\n got: (none)\nwant: search"},

		"in order":       {func(rec *recorder) { rec.WantToolsInOrder("search", "read") }, ""},
		"in order twice": {func(rec *recorder) { rec.WantToolsInOrder("search", "search") }, ""},
		"in order none":  {func(rec *recorder) { rec.WantToolsInOrder() }, ""},
		"wrong order": {
			func(rec *recorder) { rec.WantToolsInOrder("read", "search") },
			"WantToolsInOrder: search is missing after read\n got: search, search, read\nwant: read, search",
		},
		"too many": {
			func(rec *recorder) { rec.WantToolsInOrder("search", "search", "search") },
			"WantToolsInOrder: search is missing after search\n got: search, search, read\nwant: search, search, search",
		},
		"unknown": {func(rec *recorder) { rec.WantToolsInOrder("delete") }, "WantToolsInOrder: delete is missing\n got: search, search, read\nwant: delete"},

		"no tool":       {func(rec *recorder) { rec.WantNoTool("delete", "write") }, ""},
		"no such tool":  {func(rec *recorder) { rec.WantNoTool("delete", "read") }, "WantNoTool: called all the same: read"},
		"no tool twice": {func(rec *recorder) { rec.WantNoTool("search") }, "WantNoTool: called all the same: search, search"},
		"no tools":      {func(rec *recorder) { rec.WantNoTool() }, "WantNoTool: called all the same: search, search, read"},

		"count":       {func(rec *recorder) { rec.WantToolCount("search", 2) }, ""},
		"count zero":  {func(rec *recorder) { rec.WantToolCount("delete", 0) }, ""},
		"count once":  {func(rec *recorder) { rec.WantToolCount("read", 2) }, "WantToolCount: read was called once, want 2"},
		"count twice": {func(rec *recorder) { rec.WantToolCount("search", 1) }, "WantToolCount: search was called 2 times, want 1"},
	})
}

func TestWantValues(t *testing.T) {
	found := []string{"fjord.md", "ice.md"}
	check(t, map[string]want{
		"inputs": {func(rec *recorder) { rec.WantToolInputs("search", fjords, fjords) }, ""},
		"inputs as maps": {func(rec *recorder) {
			rec.WantToolInputs("search", map[string]any{"text": "fjords", "limit": 3.0}, fjords)
		}, ""},
		"inputs any": {func(rec *recorder) {
			rec.WantToolInputs("search", sentrialtest.Any, map[string]any{"text": "fjords", "limit": sentrialtest.Any})
		}, ""},
		"no inputs": {func(rec *recorder) { rec.WantToolInputs("delete") }, ""},
		"other input": {
			func(rec *recorder) { rec.WantToolInputs("search", fjords, query{"ice", 3}) },
			"WantToolInputs: other inputs of search\ncall 2  got: {\"limit\":3,\"text\":\"fjords\"}\n       want: {\"text\":\"ice\",\"limit\":3}",
		},
		"more inside": {
			func(rec *recorder) { rec.WantToolInputs("read", map[string]any{"file": "fjord.md"}) },
			"WantToolInputs: other inputs of read\ncall 1  got: \"fjord.md\"\n       want: {\"file\":\"fjord.md\"}",
		},
		"less inside": {
			func(rec *recorder) { rec.WantToolInputs("search", fjords, map[string]any{"text": sentrialtest.Any}) },
			"WantToolInputs: other inputs of search\ncall 2  got: {\"limit\":3,\"text\":\"fjords\"}\n       want: {\"text\":(any)}",
		},
		"too few": {
			func(rec *recorder) { rec.WantToolInputs("search", fjords) },
			"WantToolInputs: other inputs of search\ncall 2  got: {\"limit\":3,\"text\":\"fjords\"}\n       want: (no call)",
		},
		"too many": {
			func(rec *recorder) { rec.WantToolInputs("read", "fjord.md", "ice.md") },
			"WantToolInputs: other inputs of read\ncall 2  got: (no call)\n       want: \"ice.md\"",
		},
		"no JSON": {
			func(rec *recorder) { rec.WantToolInputs("read", math.Inf(1)) },
			"WantToolInputs: other inputs of read\ncall 1  got: \"fjord.md\"\n       want: a value without a JSON form: json: unsupported value: +Inf",
		},

		"outputs": {func(rec *recorder) { rec.WantToolOutputs("search", nil, found) }, ""},
		"other output": {
			func(rec *recorder) { rec.WantToolOutputs("search", nil, found[1:]) },
			"WantToolOutputs: other outputs of search\ncall 2  got: [\"fjord.md\",\"ice.md\"]\n       want: [\"ice.md\"]",
		},
		"failed output": {
			func(rec *recorder) { rec.WantToolOutputs("search", found, found) },
			"WantToolOutputs: other outputs of search\ncall 1  got: null\n       want: [\"fjord.md\",\"ice.md\"]",
		},
	})
}

func TestWantPath(t *testing.T) {
	check(t, map[string]want{
		"child":          {func(rec *recorder) { rec.WantPath("plan > gpt-4o") }, ""},
		"session":        {func(rec *recorder) { rec.WantPath("research > plan > llm gpt-4o") }, ""},
		"kinds":          {func(rec *recorder) { rec.WantPath("session > step > decision") }, ""},
		"anywhere":       {func(rec *recorder) { rec.WantPath("research >> llm") }, ""},
		"star":           {func(rec *recorder) { rec.WantPath("* > decision search") }, ""},
		"error":          {func(rec *recorder) { rec.WantPath("error outage") }, ""},
		"session itself": {func(rec *recorder) { rec.WantPath("session research") }, ""},
		"spaces":         {func(rec *recorder) { rec.WantPath("  plan  >   llm gpt-4o ") }, ""},
		"not a child":    {func(rec *recorder) { rec.WantPath("plan > search > read") }, `WantPath: nothing is at "plan > search > read"`},
		"not directly":   {func(rec *recorder) { rec.WantPath("research > gpt-4o") }, `WantPath: nothing is at "research > gpt-4o"`},
		"not below":      {func(rec *recorder) { rec.WantPath("plan >> read") }, `WantPath: nothing is at "plan >> read"`},
		"a decision":     {func(rec *recorder) { rec.WantPath("plan > decision search") }, ""},
		"no decision":    {func(rec *recorder) { rec.WantPath("plan > search") }, `WantPath: nothing is at "plan > search"`},
		"other kind":     {func(rec *recorder) { rec.WantPath("step search") }, `WantPath: nothing is at "step search"`},
		"tight":          {func(rec *recorder) { rec.WantPath("plan>llm>>x") }, `WantPath: nothing is at "plan>llm>>x" (with spaces around the > it is "plan > llm >> x")`},
		"in tight":       {func(rec *recorder) { rec.In("session>plan").WantNoErrors() }, `In: nothing is at "session>plan" (with spaces around the > it is "session > plan")`},
		"no path":        {func(rec *recorder) { rec.WantNoPath("plan > tool") }, ""},
		"a path": {
			func(rec *recorder) { rec.WantNoPath("research > tool") },
			`WantNoPath: at "research > tool" there is tool search, tool search, tool read`,
		},
		"orphans": {func(rec *recorder) { rec.WantNoOrphans() }, ""},

		"in":           {func(rec *recorder) { rec.In("plan").WantModels("gpt-4o") }, ""},
		"in session":   {func(rec *recorder) { rec.In("research").WantTools("search", "search", "read") }, ""},
		"in in":        {func(rec *recorder) { rec.In("research").In("plan").WantPath("llm") }, ""},
		"in not there": {func(rec *recorder) { rec.In("plan").In("search").WantNoTool("x") }, `In: nothing is at "search"`},
		"in alone":     {func(rec *recorder) { rec.In("nothing") }, ""},
		"in outside":   {func(rec *recorder) { rec.In("plan").WantPath("research") }, `WantPath: nothing is at "research"`},
	})
}

// TestBadPaths say what a path is like, and nothing of what happened.
func TestBadPaths(t *testing.T) {
	const say = `path " > plan": want names with > or >> between them, such as plan > search`
	for name, assert := range map[string]func(rec *recorder){
		"WantPath":   func(rec *recorder) { rec.WantPath(" > plan") },
		"WantNoPath": func(rec *recorder) { rec.WantNoPath(" > plan") },
		"In":         func(rec *recorder) { rec.In(" > plan") },
	} {
		if got, expected := researched(t, assert).said(), name+": "+say; got != expected {
			t.Errorf("got %q, want %q", got, expected)
		}
	}
}

func TestBudget(t *testing.T) {
	check(t, map[string]want{
		"within": {func(rec *recorder) {
			rec.WantWithin(sentrialtest.Budget{USD: 0.00055, Tokens: 250, LLMCalls: 2, ToolCalls: 3})
		}, ""},
		"cost":       {func(rec *recorder) { rec.WantWithin(sentrialtest.Budget{USD: 0.0005}) }, "WantWithin: not within the budget\ncost: got $0.00055, want at most $0.0005"},
		"tokens":     {func(rec *recorder) { rec.WantWithin(sentrialtest.Budget{Tokens: 249}) }, "WantWithin: not within the budget\ntokens: got 250, want at most 249"},
		"LLM calls":  {func(rec *recorder) { rec.WantWithin(sentrialtest.Budget{LLMCalls: 1}) }, "WantWithin: not within the budget\nLLM calls: got 2, want at most 1"},
		"tool calls": {func(rec *recorder) { rec.WantWithin(sentrialtest.Budget{ToolCalls: 2}) }, "WantWithin: not within the budget\ntool calls: got 3, want at most 2"},
		"two limits": {
			func(rec *recorder) { rec.WantWithin(sentrialtest.Budget{USD: 1, Tokens: 1, LLMCalls: 1, ToolCalls: 9}) },
			"WantWithin: not within the budget\ntokens: got 250, want at most 1\nLLM calls: got 2, want at most 1",
		},
		"no limit": {func(rec *recorder) { rec.WantWithin(sentrialtest.Budget{}) }, "WantWithin: not within the budget\nthe budget has no limit"},
		"in":       {func(rec *recorder) { rec.In("plan").WantWithin(sentrialtest.Budget{USD: 0.0003, Tokens: 42}) }, ""},

		"exact cost": {func(rec *recorder) { rec.WantCost(0.00055) }, ""},
		"other cost": {func(rec *recorder) { rec.WantCost(0.000550001) }, "WantCost: another cost\n got: $0.00055\nwant: $0.000550001"},
		"calls":      {func(rec *recorder) { rec.WantLLMCalls(2) }, ""},
		"more calls": {func(rec *recorder) { rec.WantLLMCalls(1) }, "WantLLMCalls: models were called 2 times, want 1"},
		"models":     {func(rec *recorder) { rec.WantModels("gpt-4o-mini", "gpt-4o") }, ""},
		"other models": {
			func(rec *recorder) { rec.WantModels("gpt-4o") },
			"WantModels: other models were called\n got: gpt-4o, gpt-4o-mini\nwant: gpt-4o",
		},
	})
}

func TestOutcome(t *testing.T) {
	const (
		tool  = `tool search {"limit":3,"text":"fjords"}: 500ms, error "no connection (tried 3 times)", $0.0001`
		event = `error outage "no connection (tried 3 times)": recoverable by "ask again in a minute"`
	)
	check(t, map[string]want{
		"status":       {func(rec *recorder) { rec.WantStatus(types.StatusSuccess) }, ""},
		"other status": {func(rec *recorder) { rec.WantStatus(types.StatusError) }, "WantStatus: another status\nsession research: got success, want error"},
		"recovered":    {func(rec *recorder) { rec.WantRecovered() }, ""},
		"errors":       {func(rec *recorder) { rec.WantNoErrors() }, "WantNoErrors: 2 things went wrong\n" + tool + "\n" + event},
		"no errors":    {func(rec *recorder) { rec.In("plan").WantNoErrors() }, ""},
		"no failure":   {func(rec *recorder) { rec.In("plan").WantRecovered() }, "WantRecovered: nothing went wrong, so there was nothing to recover from"},
	})
}
