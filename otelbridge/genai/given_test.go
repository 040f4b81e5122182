package genai_test

import (
	"fmt"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// What was given away is the caller's: memory that is used again for later spans is none of it.
func TestEventsStayAsTheyWereGiven(t *testing.T) {
	type given struct {
		name   string
		events []genai.Event
		text   string
	}
	var all []given
	for range 3 {
		for name, spans := range fixtures(t) {
			list := events(genAll(spans))
			all = append(all, given{name, list, textOfEvents(list)})
		}
	}
	for _, g := range all {
		if now := textOfEvents(g.events); now != g.text {
			t.Errorf("%s changed:\nwas %s\nis  %s", g.name, g.text, now)
		}
	}
}

// textOfEvents spells events out, what they point to included.
func textOfEvents(list []genai.Event) (text string) {
	for _, e := range list {
		for _, part := range []any{
			e.LLMCall, e.ToolCall, e.Decision, e.Step, e.Feedback, e.Failure, e.Session, e.Result, e.Fields, e.Metadata, e.Attributes,
		} {
			text += fmt.Sprintf("%+v ", part)
		}
		text += fmt.Sprintln(e.Type, e.ID, e.SessionID, e.ParentID, e.Error)
	}
	return text
}
