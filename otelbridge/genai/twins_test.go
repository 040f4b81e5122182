package genai_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// A framework's callbacks do not make its span current, so what the provider's client writes is a trace of its own, without the session.
func overlap() (framework, client []*genai.Span) {
	answer := []any{"gen_ai.output.messages", `[{"role":"assistant","parts":[{"type":"text","content":"18 C"}]}]`}
	framework = grown(1, agent("a", step("s", chat("m", 5, 6).by("framework")), chat("late", 5, 7).at(80, 90).by("framework")).with(in("s")...))
	client = slices.Concat(grown(2, chat("n", 5, 6, answer...).at(1, 9).by("client").around(http("POST"))), grown(3, chat("o", 5, 7).at(81, 89).by("client")))
	return framework, client
}

func TestCallsInTracesOfTheirOwn(t *testing.T) {
	framework, client := overlap()
	all := slices.Concat(framework, client)
	once := []string{`session_start "a" in s`, "llm_call m 5+6 < a in s", "llm_call late 5+7 < a in s"}
	for name, order := range map[string][]*genai.Span{"framework first": all, "client first": slices.Concat(client, framework)} {
		a := genai.NewAssembler(genai.Config{})
		a.Add(begin, order...)
		same(t, name, lines(all, events(a.Take(after(6000)))), once...)
		same(t, name+", at the end", lines(all, events(a.Close(after(6000)))), "session_end in s")
	}
	t.Run("the client's call is given away while the other is held", func(t *testing.T) {
		a := genai.NewAssembler(genai.Config{})
		a.Add(begin, client...)
		a.Add(after(4500), framework[1:]...)
		if given := a.Take(after(5000)); len(given) != 2 || len(events(given)) != 0 {
			t.Errorf("given %+v", given)
		}
		a.Add(after(6000), framework[0])
		given := events(a.Take(after(7000)))
		same(t, "later", lines(all, given), once...)
		if i := slices.IndexFunc(given, func(e genai.Event) bool { return e.LLMCall != nil && e.SpanID == framework[2].SpanID }); given[i].LLMCall.OutputMessages == nil {
			t.Error("what the copy said is lost")
		}
	})
	t.Run("the framework's is given away first", func(t *testing.T) {
		a := genai.NewAssembler(genai.Config{})
		a.Add(begin, framework...)
		same(t, "first", lines(all, events(a.Take(after(1000)))), once...)
		a.Add(after(2000), client...)
		same(t, "then", lines(all, events(a.Take(after(8000)))))
	})
	t.Run("the client's is given away first", func(t *testing.T) {
		a := genai.NewAssembler(genai.Config{})
		a.Add(begin, client...)
		same(t, "first", lines(all, events(a.Take(after(5000)))), `session_start "n"`, `session_start "o"`, "llm_call n 5+6", "llm_call o 5+7")
		a.Add(after(6000), framework...)
		same(t, "then", lines(all, events(a.Take(after(7000)))), `session_start "a" in s`, "session_alias into s", "session_alias into s")
		if ends := events(a.Take(after(40_000))); len(ends) != 0 {
			t.Errorf("a copy ends the session: %+v", ends)
		}
	})
}

func TestWhatIsNoCopy(t *testing.T) {
	first := chat("m", 5, 6, "session.id", "s").by("framework").at(-20, 100)
	for name, other := range map[string]tree{
		"the same instrumentation": chat("n", 5, 6).by("framework"),
		"other counts":             chat("n", 5, 7).by("client"),
		"another model":            {name: "n", to: 10, scope: "client", attrs: []any{"gen_ai.operation.name", "chat", "gen_ai.request.model", "x", "gen_ai.usage.input_tokens", 5, "gen_ai.usage.output_tokens", 6}},
		"another time":             chat("n", 5, 6).by("client").at(1000, 1010),
		"half in it":               chat("n", 5, 6).by("client").at(-100, 5),
		"it failed":                chat("n", 5, 6).by("client").failing("x"),
		"nothing to go by":         chat("n", 0, 0).by("client"),
		"begun much later":         chat("n", 5, 6).by("client").at(2500, 2600),
		"another response":         chat("n", 5, 6, "gen_ai.response.id", "q").by("client"),
	} {
		f := first
		switch name {
		case "another response":
			f = f.with("gen_ai.response.id", "r")
		case "begun much later":
			f = f.at(0, 9000)
		}
		calls := 0
		for _, e := range events(genAll(slices.Concat(grown(1, f), grown(2, other)))) {
			if e.LLMCall != nil {
				calls++
			}
		}
		if calls != 2 {
			t.Errorf("%s: %d calls", name, calls)
		}
	}
}

func TestWhatIsACopy(t *testing.T) {
	text := func(s string) []any {
		return []any{"gen_ai.output.messages", `[{"role":"assistant","parts":[{"type":"text","content":"` + s + `"}]}]`}
	}
	for name, pair := range map[string][2]tree{
		"counts":                  {chat("m", 5, 6).by("framework"), chat("n", 5, 6).by("client")},
		"counts, the answer told": {chat("m", 5, 6, text("a ")...).by("framework"), chat("n", 5, 6, text(" a")...).by("client")},
		"counts, the copy's id":   {chat("m", 5, 6).by("framework"), chat("n", 5, 6, "gen_ai.response.id", "r").by("client")},
		"counts, the call's id":   {chat("m", 5, 6, "gen_ai.response.id", "r").by("framework"), chat("n", 5, 6).by("client")},
		"response id":             {chat("m", 5, 6, "gen_ai.response.id", "r"), chat("n", 9, 9, "gen_ai.response.id", "r")},
		"answers":                 {chat("m", 0, 0, text("a")...).by("framework"), chat("n", 0, 0, text("a")...).by("client")},
		"failures":                {chat("m", 0, 0).by("framework").failing("x"), chat("n", 0, 0).by("client").failing("y")},
		"a date behind the name":  {chat("m", 5, 6, "gen_ai.response.model", "m-2026").by("framework"), chat("n", 5, 6).by("client")},
		"neither has a session":   {chat("m", 5, 6).by("framework"), chat("n", 5, 6).by("client").at(1, 9)},
	} {
		outer := pair[0]
		if name != "neither has a session" {
			outer = agent("a", outer)
		}
		var calls []genai.Event
		for _, e := range events(genAll(slices.Concat(grown(2, pair[1]), grown(1, outer)))) {
			if e.LLMCall != nil {
				calls = append(calls, e)
			}
		}
		if len(calls) != 1 || calls[0].TraceID != (genai.TraceID{15: 1}) {
			t.Errorf("%s: calls %+v", name, calls)
		}
	}
}

// Load tests and classifiers make a great many calls at once that count the same.
func TestManyCallsAlike(t *testing.T) {
	const runs = 500
	var all []*genai.Span
	for i := range runs {
		all = append(all, grown(2*i+1, agent("a", chat("m", 100, 1).at(i, i+10).by("framework")).with(in(fmt.Sprint("s", i))...))...)
		all = append(all, grown(2*i+2, chat("n", 100, 1).at(i+1, i+9).by("client"))...)
	}
	calls := 0
	for _, e := range events(genAll(all)) {
		if e.LLMCall != nil {
			calls++
		}
	}
	if calls != runs {
		t.Errorf("%d calls, want %d", calls, runs)
	}
}

// Ids of responses tell calls apart by themselves, but a copy may lack one.
func TestCopiesWithoutTheId(t *testing.T) {
	first := grown(1, agent("a", chat("m", 5, 6, "gen_ai.response.id", "r").by("framework")).with(in("s")...))
	copied := grown(2, chat("n", 5, 6).by("client"))
	a := genai.NewAssembler(genai.Config{})
	a.Add(begin, first...)
	same(t, "first", lines(first, events(a.Take(after(1000)))), `session_start "a" in s`, "llm_call m 5+6 < a in s")
	a.Add(after(2000), copied...)
	same(t, "then", lines(copied, events(a.Take(after(8000)))))
}
