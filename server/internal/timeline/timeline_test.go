package timeline_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/timeline"
	"github.com/sentrial/sentrial-go/types"
)

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestNoLineOverrunsTheTerminal(t *testing.T) {
	for width := 40; width <= 220; width++ {
		for _, full := range []bool{false, true} {
			got := draw(t, support(), timeline.Options{Console: terminal(width), Now: seen, Full: full})
			for line := range strings.SplitSeq(sgr.ReplaceAllString(got, ""), "\n") {
				if console.Cells(line) > width {
					t.Errorf("width %d, full %t: %q takes %d cells", width, full, line, console.Cells(line))
				}
			}
		}
	}
}

func TestColourChangesNothingElse(t *testing.T) {
	colored := draw(t, support(), timeline.Options{Console: terminal(100)})
	plain := draw(t, support(), timeline.Options{Console: terminal(100).Plain()})
	if sgr.ReplaceAllString(colored, "") != plain {
		t.Errorf("with colour:\n%s\nwithout:\n%s", colored, plain)
	}
}

func TestPipedIsASCII(t *testing.T) {
	got := draw(t, support(), timeline.Options{})
	if at := strings.IndexFunc(got, func(r rune) bool { return r > unicode.MaxASCII }); at >= 0 {
		t.Errorf("piped output holds %q", got[at:min(at+20, len(got))])
	}
}

// hostile is text that would steer a terminal.
const hostile = "x\x1b[2J\x1b]0;owned\x07\u009b31m\u202egnp.exe\x00\r\n\ty\xff"

func TestHostileTextIsDisarmed(t *testing.T) {
	v := timeline.View{
		Session: types.Session{
			ID: hostile, Name: hostile, AgentName: hostile, UserID: hostile, Tags: []string{hostile}, Status: types.Status(hostile),
			Summary: hostile, Input: hostile, Output: map[string]any{hostile: hostile}, Metrics: map[string]float64{hostile: 1},
		},
	}
	add := func(e types.Event) {
		e.ID, e.Status = fmt.Sprint(len(v.Events)), types.Status(hostile)
		v.Events = append(v.Events, e)
	}
	add(tool(types.ToolCall{ToolName: hostile, ToolInput: hostile, ToolOutput: []any{hostile}, Error: hostile, Reasoning: hostile}))
	add(llm(types.LLMCall{
		Model: hostile, Operation: hostile, Response: hostile, FinishReason: hostile, Error: hostile, Prompt: hostile,
		Messages:       []types.Message{{Role: hostile, Parts: []types.Part{{Type: "text", Content: hostile}, {Type: hostile, Raw: json.RawMessage(hostile)}}}},
		OutputMessages: []types.Message{{Role: hostile, Parts: []types.Part{{Type: "tool_call", Name: hostile, Arguments: hostile}}}},
	}))
	add(types.Event{Type: types.EventDecision, Decision: &types.Decision{Chosen: hostile, Alternatives: []string{hostile, "b"}, Reasoning: hostile}})
	add(types.Event{Type: types.EventError, Error: &types.ErrorEvent{ErrorType: hostile, ErrorMessage: hostile, RecoveryAction: hostile, StackTrace: hostile}})
	add(types.Event{Type: types.EventStep, Step: &types.Step{Name: hostile, Kind: hostile, Input: hostile, Error: hostile}})
	add(types.Event{Type: types.EventFeedback, Feedback: &types.Feedback{Name: hostile, Label: hostile, Comment: hostile}})
	add(types.Event{Type: types.EventSessionUpdate, Session: &types.SessionFields{Name: hostile, Input: hostile}})
	add(types.Event{Type: types.EventType(hostile), Raw: json.RawMessage(`{"a":"\u001b[2J\u009b\u202e"}`)})
	add(types.Event{Type: types.EventType(hostile), Raw: json.RawMessage(hostile), Extra: map[string]json.RawMessage{hostile: json.RawMessage(hostile)}})
	for _, full := range []bool{false, true} {
		got := draw(t, v, timeline.Options{Console: terminal(100), Full: full})
		for line := range strings.SplitSeq(sgr.ReplaceAllString(got, ""), "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) {
				t.Errorf("full %t: a line holds %q", full, line)
			}
		}
		if !strings.Contains(got, `x\x1b[2J`) {
			t.Errorf("full %t: the text itself is gone:\n%s", full, got)
		}
	}
	for _, e := range v.Events {
		if s := timeline.Summary(terminal(80), e).String(); strings.ContainsFunc(s, unicode.IsControl) {
			t.Errorf("the summary of a %s holds %q", e.Type, s)
		}
	}
}

func TestParentsThatAreNotThere(t *testing.T) {
	for name, parents := range map[string][]string{
		"unknown parent":    {"nobody", "", ""},
		"its own parent":    {"0", "", ""},
		"a ring of two":     {"1", "0", ""},
		"a ring of three":   {"2", "0", "1"},
		"beside a ring":     {"1", "0", "1"},
		"child comes first": {"2", "2", ""},
	} {
		var v timeline.View
		for i, parent := range parents {
			v.Events = append(v.Events, types.Event{
				ID: strconv.Itoa(i), ParentID: parent, Type: types.EventStep, Step: &types.Step{Name: "step-" + strconv.Itoa(i)},
			})
		}
		got := draw(t, v, timeline.Options{})
		for i := range parents {
			if n := strings.Count(got, "step-"+strconv.Itoa(i)); n != 1 {
				t.Errorf("%s: event %d is drawn %d times:\n%s", name, i, n, got)
			}
		}
	}
}

func TestDeepNestingStaysInsideTheWidth(t *testing.T) {
	var v timeline.View
	for i := range 5000 {
		v.Events = append(v.Events, at(strconv.Itoa(i), "evt_"+strconv.Itoa(i-1), float64(i), 1, step("step-"+strconv.Itoa(i)+".", "")))
	}
	got := draw(t, v, timeline.Options{Console: terminal(60).Plain()})
	for line := range strings.SplitSeq(got, "\n") {
		if console.Cells(line) > 60 {
			t.Fatalf("%q takes %d cells", line, console.Cells(line))
		}
	}
	for _, name := range []string{"step-0.", "step-4999."} {
		if !strings.Contains(got, name) {
			t.Errorf("%s is not drawn", name)
		}
	}
}

func TestUnknownCostIsNeverZero(t *testing.T) {
	v := timeline.View{Events: []types.Event{llm(types.LLMCall{Model: "m"})}}
	if got := draw(t, v, timeline.Options{}); strings.Count(got, "cost unknown") != 2 || strings.Contains(got, "$0") {
		t.Errorf("the cost of the call and of the session should be unknown:\n%s", got)
	}
	v.Events[0].LLMCall.Cost, v.Session.Cost = new(0.0), new(0.0)
	if got := draw(t, v, timeline.Options{}); strings.Count(got, "$0") != 2 || strings.Contains(got, "unknown") {
		t.Errorf("a cost of nothing should be $0:\n%s", got)
	}
}

func TestDecisions(t *testing.T) {
	for want, d := range map[string]types.Decision{
		"decision chose wait 50%  over act | ask": {Chosen: "wait", Alternatives: []string{"act", "wait", "ask"}, Confidence: new(0.5)},
		"decision chose wait  over act ":          {Chosen: "wait", Alternatives: []string{"act"}},
		"decision chose wait 0% ":                 {Chosen: "wait", Confidence: new(0.0)},
		"decision undecided  between act | ask":   {Alternatives: []string{"act", "ask"}},
	} {
		v := timeline.View{Events: []types.Event{{Type: types.EventDecision, Decision: &d}}}
		if got := draw(t, v, timeline.Options{}); !strings.Contains(got, want) {
			t.Errorf("want %q, drawn as:\n%s", want, got)
		}
	}
}

func TestBarsShareTheAxis(t *testing.T) {
	bars := func(width int) (first, second string) {
		v := timeline.View{Events: []types.Event{at("a", "", 0, 500, step("a", "")), at("b", "", 500, 500, step("b", ""))}}
		lines := strings.Split(draw(t, v, timeline.Options{Console: console.Console{Width: width}}), "\n")
		return lines[len(lines)-3], lines[len(lines)-2]
	}
	for _, width := range []int{60, 80, 120, 200} {
		first, second := bars(width)
		end, begin := strings.LastIndex(first, "="), strings.Index(second, "=")
		if n, m := strings.Count(first, "="), strings.Count(second, "="); begin != end+1 || max(n-m, m-n) > 1 || n < 8 {
			t.Errorf("width %d: the second half should begin where the first ends:\n%s\n%s", width, first, second)
		}
	}
}

func TestOddTimes(t *testing.T) {
	early := began.Add(-time.Hour)
	v := timeline.View{Session: types.Session{CreatedAt: began, ClosedAt: &early}, Events: []types.Event{
		{ID: "no time", Type: types.EventStep, Step: &types.Step{Name: "no time"}, Duration: time.Hour},
		at("negative", "", 10, -50, step("negative", "")),
		at("before", "", -5000, 10, step("before", "")),
		at("years", "", 1e12, 1, step("years later", "")),
	}}
	for _, c := range []console.Console{{}, terminal(80)} {
		got := draw(t, v, timeline.Options{Console: c})
		for _, name := range []string{"no time", "negative", "before", "years later"} {
			if !strings.Contains(got, name) {
				t.Errorf("%q is not drawn:\n%s", name, got)
			}
		}
	}
}

func TestAnEmptySession(t *testing.T) {
	got := draw(t, timeline.View{Session: types.Session{ID: "sess_1"}}, timeline.Options{})
	if want := "(unnamed session)\n  sess_1\n  0 events\n"; got != want {
		t.Errorf("drawn as %q, want %q", got, want)
	}
}

func TestAFailedWriteIsReported(t *testing.T) {
	reader, writer := io.Pipe()
	_ = reader.Close()
	if err := timeline.Draw(writer, support(), timeline.Options{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Draw = %v", err)
	}
}

func TestSummaryIsOneLine(t *testing.T) {
	for _, e := range supportEvents() {
		s := timeline.Summary(console.Console{}, e)
		if s.Cells() == 0 || s.Cells() > 120 || strings.Contains(s.String(), "\n") {
			t.Errorf("the summary of a %s is %q", e.Type, s)
		}
	}
}

// FuzzDraw draws whatever the API may hold.
func FuzzDraw(f *testing.F) {
	f.Add([]byte(`{"id":"a","type":"tool_call","session_id":"s","tool_name":"t","tool_input":{"$omitted":1},"timestamp":"2026-01-02T03:04:05Z"}`), 80, true)
	f.Add([]byte(`{"id":"a","parent_id":"a","type":"future","session_id":"s","x":["\u001b[2J"],"timestamp":"2026-01-02T03:04:05Z"}`), 10, false)
	f.Fuzz(func(t *testing.T, raw []byte, width int, full bool) {
		var e types.Event
		if json.Unmarshal(raw, &e) != nil {
			return
		}
		width = 40 + (width&0xff)%180
		got := draw(t, timeline.View{Events: []types.Event{e, e}}, timeline.Options{Console: terminal(width), Full: full})
		for line := range strings.SplitSeq(sgr.ReplaceAllString(got, ""), "\n") {
			if console.Cells(line) > width || strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("width %d: %q", width, line)
			}
		}
	})
}

// A call whose end nobody recorded says so; a session that asked no model says nothing of costs.
func TestWhatDidNotEndIsAbandoned(t *testing.T) {
	tool := at("1", "", 0, 0, types.Event{Type: types.EventToolCall, ToolCall: &types.ToolCall{ToolName: "search"}})
	tool.Status, tool.Metadata = types.StatusUnknown, map[string]any{"abandoned": true}
	got := draw(t, timeline.View{Session: types.Session{ID: "sess_1"}, Events: []types.Event{tool}}, timeline.Options{})
	if !strings.Contains(got, "tool search abandoned") || strings.Contains(got, "cost") {
		t.Errorf("drawn as %q, want the call as abandoned, and no cost", got)
	}
}
