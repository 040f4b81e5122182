package genai_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

func in(session string) []any { return []any{"session.id", session} }

func TestSessions(t *testing.T) {
	for name, test := range map[string]struct {
		run  tree
		c    genai.Config
		want []string
	}{
		"of the nearest span around": {
			run:  agent("a", agent("b", tool("t")).with("gen_ai.conversation.id", "c"), tool("u")).with(in("s")...),
			want: []string{`session_start "a" in s`, "session_end in s", "session_end in c", "step b < a in c", "tool_call t < b in c", "tool_call u < a in s"},
		},
		"of any span of the trace":    {run: agent("a", tool("t"), tool("u", in("s")...)), want: []string{`session_start "a" in s`, "session_end in s", "tool_call t < a in s", "tool_call u < a in s"}},
		"of the earliest":             {run: agent("a", tool("t", in("later")...).at(9, 10), tool("u", in("s")...).at(5, 6)), want: []string{`session_start "a" in s`, "session_end unknown in later", "session_end in s", "tool_call t < a in later", "tool_call u < a in s"}},
		"of the context":              {run: tree{name: "t", attrs: tool("t").attrs, hint: "s"}, want: []string{`session_start "" in s`, "session_end in s", "tool_call t in s"}},
		"the span before its context": {run: tree{name: "t", attrs: tool("t", in("s")...).attrs, hint: "x"}, want: []string{`session_start "" in s`, "session_end in s", "tool_call t in s"}},
		"outside the rules":           {run: agent("a").with("session.id", "projects/p 1/threads/2"), want: []string{`session_start "a" in otel_1fa613d77792219e8786dedd75bf77cd`, "session_end in otel_1fa613d77792219e8786dedd75bf77cd"}},
		"other keys":                  {run: agent("a").with(in("s")...).with("app.thread", "x"), c: genai.Config{SessionKeys: []string{"app.thread"}}, want: []string{`session_start "a" in x`, "session_end in x"}},
		"no keys":                     {run: agent("a").with(in("s")...), c: genai.Config{SessionKeys: []string{}}, want: []string{`session_start "a"`, "session_end"}},
		"a model in a session":        {run: agent("a", chat("m", 1, 2)).with(in("s")...), want: []string{`session_start "a" in s`, "session_end in s", "llm_call m 1+2 < a in s"}},
	} {
		t.Run(name, func(t *testing.T) { same(t, "at once", told(test.c, grown(1, test.run)), test.want...) })
	}
}

// A session with an id of its own outlives its roots, and ends with the outcome of the last when nothing comes any more.
func TestSessionOfManyTraces(t *testing.T) {
	first, second := grown(1, agent("a", chat("m", 1, 2)).with(in("s")...)), grown(2, agent("a", chat("n", 3, 4)).at(200, 300).with(in("s")...).failing("x"))
	all := slices.Concat(first, second)
	for _, order := range [][]*genai.Span{all, slices.Concat(second, first)} {
		a := genai.NewAssembler(genai.Config{})
		a.Add(begin, order...)
		same(t, "given away", lines(all, events(a.Take(after(1000)))), `session_start "a" in s`, `session_start "a" in s`, "llm_call m 1+2 < a in s", "llm_call n 3+4 < a in s", `error "x" < a in s`)
		if at := dueAt(a); at != 301_000 {
			t.Errorf("the session ends after %d ms", at)
		}
		if given := a.Take(after(300_999)); len(given) != 0 {
			t.Errorf("it ended early: %+v", given)
		}
		ends := events(a.Take(after(301_000)))
		if len(ends) != 1 || ends[0].ID != eventID(second[0])+".end" || !ends[0].Time.Equal(after(300)) || ends[0].Result.Status != genai.StatusOfError || ends[0].Result.Summary != "x" {
			t.Errorf("ends = %+v", ends)
		}
	}
}

func TestHowASessionEnds(t *testing.T) {
	spans := grown(1, agent("a", chat("m", 1, 2)).with(in("s")...))
	start := func(c genai.Config) *genai.Assembler {
		a := genai.NewAssembler(c)
		a.Add(begin, spans...)
		return a
	}
	a := start(genai.Config{SessionIdle: -1})
	if a.TakeAll(begin); dueAt(a) != -1 {
		t.Error("it ends though it never should")
	}
	same(t, "at the end", lines(spans, events(a.Close(after(1)))), "session_end in s")
	same(t, "what is held comes first", lines(spans, events(start(genai.Config{}).CloseSession(begin, "s"))), `session_start "a" in s`, "llm_call m 1+2 < a in s", "session_end in s")
	same(t, "another one", lines(spans, events(start(genai.Config{}).CloseSession(begin, "x"))))
	a = start(genai.Config{})
	a.TakeAll(begin)
	a.Add(after(100_000), grown(2, tool("t", in("s")...))...)
	if at := dueAt(a); at != 101_000 {
		t.Errorf("due after %d ms", at)
	}
	a.Take(after(101_000))
	if at := dueAt(a); at != 401_000 {
		t.Errorf("the session ends after %d ms, though it was heard of", at)
	}
	last := grown(3, agent("a").at(500, 600).with(in("s")...).with("sentrial.session.end", true))
	a.Add(after(200_000), last...)
	same(t, "a span says so", lines(last, events(a.Take(after(201_000)))), `session_start "a" in s`, "session_end in s")
	if at := dueAt(a); at != -1 {
		t.Errorf("the session is still open, until %d ms", at)
	}
}

func TestSessionNamedLate(t *testing.T) {
	spans := grown(1, http("root", tool("t"), chat("m", 1, 2, in("s")...), tool("u")))
	a := genai.NewAssembler(genai.Config{})
	var all []genai.Event
	for i, s := range slices.Backward(spans) {
		a.Add(begin.Add(time.Duration(10*(4-i))*time.Second), s)
		all = append(all, events(a.Take(begin.Add(time.Duration(10*(4-i)+6)*time.Second)))...)
	}
	same(t, "one by one", lines(spans, all), `session_start "root" in s`, "tool_call u", "session_alias into s", "llm_call m 1+2 in s", "tool_call t in s")
	for _, e := range all {
		if e.Type == genai.EventSessionAlias && (e.ID != "otel_"+e.TraceID.String()+".alias" || e.SessionID != "trace_"+e.TraceID.String()) {
			t.Errorf("alias = %+v", e)
		}
	}
}

// The session of a handler is about the outermost agent in it, with that one's outcome, question and answer.
func TestSessionIsAboutTheOutermostAgent(t *testing.T) {
	inner := agent("inner").at(20, 80)
	run := http("GET", agent("outer", inner).at(10, 90).failing("x").with("gen_ai.agent.version", "2", "user.id", "u", "gen_ai.conversation.id", "c", "gen_ai.input.messages", "hi", "gen_ai.output.messages", "no"))
	for _, e := range events(genAll(grown(1, run))) {
		if s := e.Session; s != nil && (s.Name != "outer" || s.AgentName != "outer" || s.AgentVersion != "2" || s.UserID != "u" || s.ConversationID != "c" || s.Input != "hi") {
			t.Errorf("session = %+v", s)
		}
		if e.Result != nil && (e.Result.Status != genai.StatusOfError || e.Result.Summary != "x" || e.Result.Output != "no") {
			t.Errorf("result = %+v", e.Result)
		}
	}
}

// A root below a parent elsewhere does not speak for the session, and none at all is opened below one that is known.
func TestRemoteRootDoesNotOverwrite(t *testing.T) {
	served := agent("b", chat("m", 1, 2)).with("gen_ai.input.messages", "inner", "gen_ai.output.messages", "inner").called()
	for _, e := range events(genAll(grown(1, served))) {
		if e.Session != nil && (e.Session.Input != nil || e.Session.Name != "b") || e.Result != nil && e.Result.Output != nil {
			t.Errorf("%s: %+v %+v", e.Type, e.Session, e.Result)
		}
	}
	spans := grown(1, agent("a", tool("t").around(agent("b", chat("m", 1, 2)))))
	spans[2].RemoteParent = true
	want := []string{`session_start "a"`, "session_end", "tool_call t < a", "step b < t", "llm_call m 1+2 < b"}
	same(t, "at once", told(genai.Config{}, spans), want...)
	a := genai.NewAssembler(genai.Config{})
	a.Add(begin, spans[:2]...)
	all := events(a.Take(after(1000)))
	a.Add(after(2000), spans[2:]...)
	same(t, "one after the other", lines(spans, append(all, events(a.Take(after(8000)))...)), want...)
}

func genAll(spans []*genai.Span) []genai.Released {
	a := genai.NewAssembler(genai.Config{})
	a.Add(begin, spans...)
	return a.Close(begin)
}

// Without its root, a trace has the same events but for what only the root knows.
func TestWithoutRoot(t *testing.T) {
	spans := grown(1, http("GET", agent("a", chat("m", 1, 2).failing("x")).failing("x")))
	same(t, "without", told(genai.Config{}, spans[1:]), `session_start "a"`, "step a error", "llm_call m 1+2 error < a", `error "x" < m`)
	a := genai.NewAssembler(genai.Config{})
	a.Add(begin, spans[1:]...)
	all := events(a.Take(after(5000)))
	a.Add(after(20_000), spans[0])
	all = append(all, events(a.Take(after(21_000)))...)
	same(t, "the root comes late", lines(spans, all), `session_start "a"`, `session_start "a"`, "session_end error", "step a error", "llm_call m 1+2 error < a", `error "x" < m`)
	same(t, "models alone say nothing of the session", told(genai.Config{}, grown(1, http("GET", chat("m", 1, 2)))[1:]), "llm_call m 1+2")
}

// A session is heard of when a span comes, not when it is given away.
func TestSessionIsHeardOfWhileItsSpansAreHeld(t *testing.T) {
	a := genai.NewAssembler(genai.Config{})
	a.Add(begin, grown(1, tool("t", in("s")...))...)
	a.TakeAll(begin)
	a.Add(after(299_500), grown(2, tool("u", in("s")...))...)
	if given := a.Take(after(300_000)); len(given) != 0 {
		t.Errorf("it ended though a span of it is held: %+v", given)
	}
}
