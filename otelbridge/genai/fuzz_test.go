package genai_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// spanOf makes a span of a few bytes, of which any may be anything: parents that are children, ids that come again, times that go backwards.
func spanOf(b []byte) *genai.Span {
	s := &genai.Span{
		TraceID: genai.TraceID{15: b[0] % 4}, SpanID: genai.SpanID{7: b[1] % 16}, ParentID: genai.SpanID{7: b[2] % 16}, RemoteParent: b[2] > 250,
		Start: after(int(b[3])), End: after(int(b[3]) + int(int8(b[4]))), Scope: genai.Scope{Name: string('a' + rune(b[5]%3))}, Status: genai.StatusCode(b[6] % 3), Name: "x",
		Dropped: int(b[6] % 2),
	}
	operations := []string{"chat", "embeddings", "execute_tool", "invoke_agent", "invoke_workflow", "agent_step", "plan", ""}
	if op := operations[b[5]>>5]; op != "" {
		s.Attributes = pairs("gen_ai.operation.name", op, "gen_ai.request.model", "m", "gen_ai.tool.name", string('a'+rune(b[6]%3)))
	}
	if b[7]&1 != 0 {
		s.Attributes = append(s.Attributes, pairs("gen_ai.usage.input_tokens", 1+int(b[7]>>4))...)
	}
	if b[7]&2 != 0 {
		s.Attributes = append(s.Attributes, pairs("session.id", string('s'+rune(b[7]>>4%2)))...)
	}
	if b[7]&4 != 0 {
		s.Attributes = append(s.Attributes, pairs("gen_ai.response.id", "r", "gen_ai.tool.call.id", "c")...)
	}
	if b[7]&8 != 0 {
		s.Attributes = append(s.Attributes, pairs("sentrial.session.end", true)...)
	}
	return s
}

// Whatever comes, nothing panics or is held for ever, no event comes twice, and no call is counted twice.
func FuzzAssembler(f *testing.F) {
	f.Add([]byte("00000000"))
	f.Add([]byte("\x01\x01\x00\x00\x40\x60\x00\x00\x01\x02\x01\x01\x30\x00\x00\x01\x01\x03\x02\x02\x10\x01\x00\x05\x02\x01\x00\x02\x10\x02\x00\x05"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a := genai.NewAssembler(genai.Config{MaxSpans: 20, Explain: true, Generic: len(data)%2 == 0})
		now, pieces := begin, 0
		var given []genai.Released
		for ; len(data) >= 8; data = data[8:] {
			a.Add(now, spanOf(data[:8]))
			now = now.Add(time.Duration(data[0]>>2) * 200 * time.Millisecond)
			given = append(given, a.Take(now)...)
			if pieces++; a.Held() > 20 {
				t.Fatalf("%d spans are held", a.Held())
			}
		}
		given = append(given, a.Close(now)...)
		if _, more := a.Next(); more || a.Held() != 0 {
			t.Fatalf("%d spans are held after the end, or a session is open", a.Held())
		}
		countedOnce(t, given)
	})
}

func countedOnce(t *testing.T, given []genai.Released) {
	seen := make(map[string]bool)
	for _, r := range given {
		for _, e := range r.Events {
			if seen[e.ID] && e.Type == genai.EventLLMCall {
				t.Errorf("%s %s comes twice", e.Type, e.ID)
			}
			seen[e.ID] = true
			if e.SessionID == "" || e.ID == "" || e.ParentID == e.ID {
				t.Errorf("event = %+v", e)
			}
		}
	}
}
