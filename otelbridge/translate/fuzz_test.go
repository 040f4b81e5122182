package translate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/types"
)

// FuzzOurs: whoever writes spans may mark them as ours. Whatever they say, it becomes events that travel, of the type that they name.
func FuzzOurs(f *testing.F) {
	for _, eventType := range []string{"session_start", "session_end", "session_update", "llm_call", "tool_call", "decision", "step", "error", "feedback", "handoff", "", "No Type"} {
		for _, value := range []string{"", "text", "7", `{"id":1,"type":[],"status":{}}`, `[{"role":"user","parts":[{"type":"text","content":"hi"}]}]`, `["prompt",1]`, "\xff", "-1e999"} {
			f.Add(eventType, value, "sentrial.fields")
		}
	}
	f.Fuzz(func(t *testing.T, eventType, value, key string) {
		text := func(key string) genai.Attribute { return genai.Attribute{Key: key, Value: value} }
		attributes := []genai.Attribute{
			{Key: "sentrial.source", Value: "sdk"},
			{Key: "sentrial.event.type", Value: eventType},
			{Key: "sentrial.event.id", Value: "e" + value},
			text("sentrial.session_end.id"),
			text("sentrial.session.id"), text("sentrial.parent.id"), text("sentrial.seq"), text("sentrial.status"), text("sentrial.metadata"), text("sentrial.cost"), text(key),
			text("sentrial.plain"), text("gen_ai.input.messages"), text("gen_ai.output.messages"), text("gen_ai.system_instructions"), text("gen_ai.usage.input_tokens"),
			text("gen_ai.tool.call.arguments"), text("gen_ai.response.time_to_first_chunk"), text("sentrial.tags"), text("sentrial.decision.confidence"), text("sentrial.parameters"),
		}
		a := genai.NewAssembler(genai.Config{})
		at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		noted := []genai.SpanEvent{{Name: "exception", Time: at, Attributes: attributes}, {Name: value, Time: at, Attributes: attributes}}
		a.Add(at, &genai.Span{TraceID: genai.TraceID{1}, SpanID: genai.SpanID{1}, Start: at, End: at.Add(time.Second), Attributes: attributes, Events: noted})
		for _, released := range a.Close(at) {
			for _, e := range translate.Events(released.Events) {
				text, err := json.Marshal(e)
				var again types.Event
				if err == nil {
					err = json.Unmarshal(text, &again)
				}
				if err != nil || !types.ValidID(e.ID) || !types.ValidID(e.SessionID) || e.ParentID != "" && !types.ValidID(e.ParentID) {
					t.Errorf("%v: %+v", err, e)
				}
			}
		}
	})
}
