package genai_test

import (
	"runtime"
	"slices"
	"testing"
	"time"
	"weak"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// dueAt gives when the next trace is due, in milliseconds after begin; -1 for never.
func dueAt(a *genai.Assembler) int {
	next, ok := a.Next()
	if !ok {
		return -1
	}
	return int(next.Sub(begin).Milliseconds())
}

func TestWhenATraceIsDue(t *testing.T) {
	quiet := agent("a", chat("m", 1, 2))
	for name, test := range map[string]struct {
		c     genai.Config
		spans []*genai.Span
		want  int
	}{
		"root":                         {spans: grown(1, quiet), want: 1000},
		"root in another process":      {spans: grown(1, quiet.called()), want: 1000},
		"root, not held":               {c: genai.Config{Settle: -1}, spans: grown(1, quiet), want: 0},
		"no root":                      {spans: grown(1, quiet)[1:], want: 5000},
		"no root, other times":         {c: genai.Config{Quiet: time.Second, MaxWait: time.Minute}, spans: grown(1, quiet)[1:], want: 1000},
		"at most":                      {c: genai.Config{MaxWait: 500 * time.Millisecond}, spans: grown(1, quiet), want: 500},
		"one call alone":               {spans: grown(1, chat("m", 1, 2).around(http("POST"))), want: 5000},
		"one call alone, in a session": {spans: grown(1, chat("m", 1, 2, "session.id", "s")), want: 1000},
		"one call alone, by context":   {spans: grown(1, tree{name: "m", attrs: chat("m", 1, 2).attrs, hint: "s"}), want: 1000},
		"sums without calls":           {spans: grown(1, agent("a", step("s")).with("gen_ai.usage.input_tokens", 3)), want: 5000},
		"nothing":                      {want: -1},
	} {
		a := genai.NewAssembler(test.c)
		a.Add(begin, test.spans...)
		if got := dueAt(a); got != test.want || a.Held() != len(test.spans) {
			t.Errorf("%s: due after %d ms with %d spans held, want %d and %d", name, got, a.Held(), test.want, len(test.spans))
		}
		if test.want > 0 && len(a.Take(after(test.want-1))) != 0 {
			t.Errorf("%s: given away too early", name)
		}
		if given := a.Take(after(test.want)); test.want >= 0 && len(given) != 1 || a.Held() != 0 {
			t.Errorf("%s: given %d, %d held", name, len(given), a.Held())
		}
	}
}

// Children that keep coming hold a trace for MaxWait at most; the root, once there, settles it.
func TestHeldUntilTheRootComes(t *testing.T) {
	spans := grown(1, agent("a", chat("m", 1, 2), chat("n", 1, 2), chat("o", 1, 2)))
	a := genai.NewAssembler(genai.Config{})
	for i, s := range spans[1:] {
		a.Add(after(4000*i), s)
	}
	if got := dueAt(a); got != 13_000 {
		t.Errorf("due after %d ms", got)
	}
	a.Add(after(9000), spans[0])
	if got := dueAt(a); got != 10_000 {
		t.Errorf("due after %d ms", got)
	}
	same(t, "all of it", lines(spans, events(a.Take(after(10_000)))), `session_start "a"`, "session_end", "llm_call m 1+2 < a", "llm_call n 1+2 < a", "llm_call o 1+2 < a")
}

func TestTooManySpansAreGivenAwayEarly(t *testing.T) {
	a := genai.NewAssembler(genai.Config{MaxSpans: 10})
	for i := range 12 {
		a.Add(after(i), grown(i+1, tool("t"))...)
	}
	if got := a.Take(after(12)); len(got) != 2 || a.Held() != 10 {
		t.Errorf("%d traces given away, %d spans held", len(got), a.Held())
	}
	big := genai.NewAssembler(genai.Config{MaxSpans: 10})
	big.Add(begin, grown(1, agent("a", slices.Repeat([]tree{tool("t")}, 20)...))...)
	if got := big.Take(begin); len(got) != 1 || len(got[0].Events) != 22 {
		t.Errorf("of a trace that is too large: %+v", got)
	}
}

func TestSpansWithoutIDs(t *testing.T) {
	a := genai.NewAssembler(genai.Config{})
	if left := a.Add(begin, nil, &genai.Span{}, &genai.Span{SpanID: genai.SpanID{1}}, &genai.Span{TraceID: genai.TraceID{1}}); left != 4 || a.Held() != 0 {
		t.Errorf("%d left out, %d held", left, a.Held())
	}
}

// A span that comes again is ignored; one with more in it counts, whichever comes first.
func TestTheSameSpanAgain(t *testing.T) {
	early, full := grown(1, chat("m", 0, 0).at(0, 0))[0], grown(1, chat("m", 3, 4))[0]
	for _, order := range [][]*genai.Span{{early, full}, {full, early}, {early, full, early, full}} {
		same(t, "again", told(genai.Config{}, order), `session_start "m"`, "session_end", "llm_call m 3+4")
	}
	a := genai.NewAssembler(genai.Config{})
	a.Add(begin, full)
	a.TakeAll(begin)
	if a.Add(after(1), early, full); a.Held() != 0 {
		t.Errorf("%d held of spans that were given away", a.Held())
	}
}

func TestRingsOfParents(t *testing.T) {
	spans := grown(1, agent("a", agent("b", agent("c", chat("m", 1, 2), tool("t")))))
	spans[0].ParentID = spans[2].SpanID
	spans[4].ParentID = spans[4].SpanID
	got := told(genai.Config{}, spans)
	if len(got) != 6 { // what is cut has no root, so the session is opened by what the agents say
		t.Errorf("events = %q", got)
	}
}

// What was given away is let go of, however long a trace that came before it is held.
func TestWhatWasGivenAwayIsLetGo(t *testing.T) {
	a := genai.NewAssembler(genai.Config{Quiet: time.Hour, MaxWait: time.Hour})
	a.Add(begin, grown(1, agent("a", tool("t")))[1])
	var spans []weak.Pointer[genai.Span]
	for _, s := range grown(2, agent("b", slices.Repeat([]tree{http("GET")}, 2000)...)) {
		spans = append(spans, weak.Make(s))
		a.Add(begin, s)
	}
	a.Take(after(2000))
	runtime.GC()
	kept := 0
	for _, s := range spans {
		if s.Value() != nil {
			kept++
		}
	}
	if kept > 10 || a.Held() != 1 {
		t.Errorf("%d of %d spans are kept, %d are held", kept, len(spans), a.Held())
	}
	runtime.KeepAlive(a)
}
