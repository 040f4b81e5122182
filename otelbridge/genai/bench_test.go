package genai_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// BenchmarkAssembler is the cost of a span, from Add to the events of its trace.
func BenchmarkAssembler(b *testing.B) {
	messages := `[{"role":"user","parts":[{"type":"text","content":"What is the weather in Lisbon?"}]}]`
	run := agent("a", chat("m", 88, 21, "gen_ai.input.messages", messages, "gen_ai.output.messages", asks, "gen_ai.response.id", "r1", "gen_ai.response.model", "m-1"),
		tool("t", "gen_ai.tool.call.id", "c1", "gen_ai.tool.call.arguments", `{"city":"Lisbon"}`, "gen_ai.tool.call.result", `{"t":18}`),
		chat("n", 142, 17, "gen_ai.input.messages", messages, "gen_ai.output.messages", messages, "gen_ai.response.id", "r2", "gen_ai.response.model", "m-1"),
		http("POST")).with("session.id", "s")
	template := grown(1, run)
	a := genai.NewAssembler(genai.Config{})
	now, n := begin, 0
	b.ReportAllocs()
	for b.Loop() {
		if n%len(template) == 0 {
			now = now.Add(2 * time.Second)
			a.Take(now)
		}
		s := *template[n%len(template)]
		s.Attributes = slices.Clone(s.Attributes)
		for i := range s.Attributes {
			if a := &s.Attributes[i]; a.Key == "gen_ai.response.id" {
				a.Value = a.Value.(string) + strconv.Itoa(n)
			}
		}
		s.Start, s.End = s.Start.Add(now.Sub(begin)), s.End.Add(now.Sub(begin))
		for i := range 8 {
			s.TraceID[i] = byte(n / len(template) >> (8 * i))
		}
		a.Add(now, &s)
		n++
	}
}
