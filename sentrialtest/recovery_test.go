package sentrialtest_test

import (
	"strings"
	"testing"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// moment is one event of a recording made by hand. Times are in seconds.
type moment struct {
	id, in   string
	kind     string // tool, step, llm, error, fatal, start, end
	from, to int
	status   types.Status
}

func play(t testing.TB, client *sentrial.Client, moments []moment) {
	t.Helper()
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, m := range moments {
		e := types.Event{ID: m.id, SessionID: "s", ParentID: m.in, Status: m.status}
		e.Timestamp, e.Duration = begin.Add(time.Duration(m.from)*time.Second), time.Duration(m.to-m.from)*time.Second
		switch m.kind {
		case "tool":
			e.ToolCall = &types.ToolCall{ToolName: m.id}
		case "step":
			e.Step = &types.Step{Name: m.id}
		case "llm":
			e.LLMCall = &types.LLMCall{Model: m.id}
		case "error", "fatal":
			e.Error = &types.ErrorEvent{ErrorType: m.id, Recoverable: m.kind == "error"}
		case "decision":
			e.Decision = &types.Decision{Chosen: m.id}
		case "start":
			e.Type, e.Session = types.EventSessionStart, &types.SessionFields{Name: m.id}
		case "end":
			e.Result = &types.SessionResult{Status: m.status}
		}
		if client.Record(t.Context(), e) == "" {
			t.Errorf("%+v was not accepted", m)
		}
	}
}

// TestRecovery holds each part of the rule for itself.
func TestRecovery(t *testing.T) {
	const good, bad = types.StatusSuccess, types.StatusError
	fails := moment{"t", "", "tool", 0, 2, bad}
	for name, c := range map[string]struct {
		moments []moment
		lost    string // the names of what was not recovered from
	}{
		"a later tool call":              {[]moment{fails, {"u", "", "tool", 2, 3, good}}, ""},
		"a later LLM call":               {[]moment{fails, {"m", "", "llm", 2, 3, good}}, ""},
		"a later step":                   {[]moment{fails, {"s1", "", "step", 5, 6, good}}, ""},
		"later inside of a step":         {[]moment{fails, {"s1", "", "step", 2, 6, bad}, {"u", "s1", "tool", 3, 4, good}, {"end", "", "end", 9, 9, bad}}, "s1"},
		"a later failure":                {[]moment{fails, {"u", "", "tool", 2, 3, bad}}, "t u"},
		"a later decision":               {[]moment{fails, {"d", "", "decision", 2, 2, ""}}, "t"},
		"one that began before its end":  {[]moment{fails, {"u", "", "tool", 1, 3, good}}, "t"},
		"one inside of it":               {[]moment{{"t", "", "tool", 0, 0, bad}, {"u", "t", "tool", 0, 0, good}}, "t"},
		"one that was before":            {[]moment{{"u", "", "tool", -3, -2, good}, fails}, "t"},
		"the step around it":             {[]moment{{"s1", "", "step", -1, 5, good}, {"t", "s1", "tool", 0, 2, bad}}, ""},
		"the step around the one around": {[]moment{{"s1", "", "step", -2, 5, good}, {"s2", "s1", "step", -1, 5, bad}, {"t", "s2", "tool", 0, 2, bad}}, ""},
		"the session":                    {[]moment{fails, {"end", "", "end", 9, 9, good}}, ""},
		"a session that failed":          {[]moment{fails, {"end", "", "end", 9, 9, bad}}, "t"},
		"a session without an end":       {[]moment{fails}, "t"},
		"an error that is recoverable":   {[]moment{{"e", "", "error", 0, 0, ""}, {"u", "", "tool", 0, 3, good}}, ""},
		"an error that is not":           {[]moment{{"e", "", "fatal", 0, 0, ""}, {"u", "", "tool", 2, 3, good}, {"end", "", "end", 9, 9, good}}, "e"},
		"nothing after an error":         {[]moment{{"u", "", "tool", -3, -2, good}, {"e", "", "error", 0, 0, ""}}, "e"},
		"a cancelled call is no failure": {[]moment{fails, {"u", "", "tool", 2, 3, good}, {"c", "", "tool", 4, 5, types.StatusCancelled}}, ""},
	} {
		f := judged(name, func(inner testing.TB) {
			rec := sentrialtest.New(inner)
			play(t, rec.Client(), c.moments)
			rec.WantRecovered()
		})
		if got := unrecovered(f.said()); got != c.lost {
			t.Errorf("%s: not recovered from %q, want %q\n%s", name, got, c.lost, f.said())
		}
	}
}

// unrecovered reads the names out of a message.
func unrecovered(message string) string {
	head, _, _ := strings.Cut(message, "\nwhat happened:")
	var names []string
	for _, line := range strings.Split(head, "\n")[1:] {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, strings.Fields(name)[1])
	}
	return strings.Join(names, " ")
}

func TestRecoveryLooksInItsOwnSession(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		play(t, rec.Client(), []moment{{"t", "", "tool", 0, 2, types.StatusError}})
		rec.Client().Session("other").TrackToolCall(t.Context(), types.ToolCall{ToolName: "u"})
		rec.WantRecovered()
	})
	const want = `WantRecovered: not recovered from 1 error
tool t: 2s, error`
	if got, _, _ := strings.Cut(f.said(), "\nwhat happened:"); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

// TestFailedSessionIsAnError also where nothing in it failed.
func TestFailedSessionIsAnError(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		play(t, rec.Client(), []moment{{"weather", "", "start", 0, 0, ""}, {"end", "", "end", 3, 3, types.StatusError}})
		rec.WantNoErrors()
		rec.WantStatus(types.StatusSuccess)
		rec.WantStatus(types.StatusError)
	})
	const happened = "\nwhat happened:\nsession weather: error in 3s"
	const want = "WantNoErrors: 1 thing went wrong\nend: error" + happened + "\nWantStatus: another status\nsession weather: got error, want success" + happened
	if got := f.said(); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

func TestWantStatusWantsASession(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) { sentrialtest.New(inner).WantStatus(types.StatusSuccess) })
	if got, want := f.said(), "WantStatus: another status\nthere is no session\nnothing was recorded"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
