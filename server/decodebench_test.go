package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/types"
)

// BenchmarkDecode takes batches apart that an agent could have sent, events of about 1.5 KB; an operation is one event. Those with a key are hashed
// besides, as all are that come from the SDK.
func BenchmarkDecode(b *testing.B) {
	for _, size := range []int{100, 1000} {
		body := agentBatch(b, size)
		for name, keyed := range map[string]bool{"": false, "/keyed": true} {
			b.Run(fmt.Sprint(size, name), func(b *testing.B) { benchmarkDecode(b, body, size, keyed) })
		}
	}
}

func benchmarkDecode(b *testing.B, body []byte, size int, keyed bool) {
	b.ReportAllocs()
	b.SetBytes(int64(len(body) / size))
	for n := 1; b.Loop(); n++ {
		if n%size > 0 {
			continue
		}
		if taken, err := server.DecodeCount(body, server.Limits{}, keyed); err != nil || taken != size {
			b.Fatal(taken, err)
		}
	}
}

// agentBatch is a batch of a loop that thinks, calls a tool and reads, again and again.
func agentBatch(tb testing.TB, size int) []byte {
	tb.Helper()
	events := make([]types.Event, 0, size)
	for i := range size {
		e := agentEvent(i)
		e.ID, e.SessionID, e.Seq = fmt.Sprintf("evt_0198c0de-0000-7000-8000-%012d", i), fmt.Sprintf("sess_0198c0de-0000-7000-8000-%012d", i/50), int64(i%50+1)
		e.Timestamp, e.Duration, e.Status = noon.Add(time.Duration(i)*time.Millisecond), 150250*time.Microsecond, types.StatusSuccess
		e.TraceID, e.SpanID = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
		events = append(events, e)
	}
	body, err := json.Marshal(map[string]any{"client": map[string]string{"id": "0198c0de", "sdk": "sentrial-go"}, "sent_at": noon, "events": events})
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

func agentEvent(i int) types.Event {
	cost := 0.00125
	said := strings.Repeat("The customer asks why the invoice of March is higher than the one of February.\nSee \"terms\". ", 5)
	switch i % 5 {
	case 0, 3:
		return types.Event{Type: types.EventLLMCall, LLMCall: &types.LLMCall{
			Model: "gpt-5-2026", RequestModel: "gpt-5", Provider: "openai", Operation: "chat", Messages: []types.Message{
				{Role: "system", Parts: []types.Part{{Type: "text", Content: said}}},
				{Role: "user", Parts: []types.Part{{Type: "text", Content: "Why is it 12 € more? — " + said}}},
			},
			OutputMessages: []types.Message{{Role: "assistant", Parts: []types.Part{{Type: "text", Content: said}}}},
			Parameters:     map[string]any{"temperature": 0.2, "max_tokens": 1024}, Cost: &cost, FinishReason: "stop",
			Usage: types.Usage{PromptTokens: 812, CompletionTokens: 96, TotalTokens: 908, CachedTokens: 512},
		}}
	case 1:
		rows := make([]any, 12)
		for j := range rows {
			rows[j] = map[string]any{"invoice": fmt.Sprint("INV-", 4000+j), "amount": 119.5 + float64(j), "paid": j%2 == 0, "items": []any{1, 2, 3}}
		}
		return types.Event{Type: types.EventToolCall, ToolCall: &types.ToolCall{
			ToolName: "search_invoices", CallID: "call_7", ToolInput: map[string]any{"customer": "c_123", "months": []any{"2026-02", "2026-03"}}, ToolOutput: rows,
		}}
	case 2:
		return types.Event{Type: types.EventDecision, Decision: &types.Decision{
			Reasoning: said, Alternatives: []string{"answer", "search again", "escalate"}, Chosen: "answer",
		}}
	}
	return types.Event{Type: types.EventStep, Step: &types.Step{Name: "retrieve", Kind: "retrieval", Input: said, Output: said + said}}
}
