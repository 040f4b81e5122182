package timeline_test

import (
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/timeline"
	"github.com/sentrial/sentrial-go/types"
)

// began is when the fixture's session starts; its reader looks two hours later.
var (
	began = time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	seen  = began.Add(2 * time.Hour)
)

func ms(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }

// at places an event on the fixture's clock.
func at(id, parent string, start, length float64, e types.Event) types.Event {
	e.ID, e.ParentID, e.SessionID = "evt_"+id, parent, "sess_fixture"
	e.Timestamp, e.Duration = began.Add(ms(start)), ms(length)
	if e.Status == "" {
		e.Status = types.StatusSuccess
	}
	return e
}

func tool(call types.ToolCall) types.Event {
	return types.Event{Type: types.EventToolCall, ToolCall: &call}
}

func llm(call types.LLMCall) types.Event {
	return types.Event{Type: types.EventLLMCall, LLMCall: &call}
}

func step(name, kind string) types.Event {
	return types.Event{Type: types.EventStep, Step: &types.Step{Name: name, Kind: kind}}
}

// support is a session with everything that a timeline shows: nesting, a decision, an error with its recovery, calls
// of known and unknown cost, something still running, a type of event from the future.
func support() timeline.View {
	closed := began.Add(ms(12_400))
	return timeline.View{
		Session: types.Session{
			ID: "sess_0198b3f2-7c41-7d1e-9a55-3f1c2b4a6d70", Name: "Refund for order 4711", AgentName: "support-agent", AgentVersion: "1.2.0",
			UserID: "user_42", ConversationID: "conv_9", ProjectID: "default", Status: types.StatusSuccess,
			Summary: "Refunded 59.90 EUR to the original card.", Input: "I want my money back for order 4711.",
			Output: "Your refund of 59.90 EUR is on its way.", Tags: []string{"prod", "eu"}, Metrics: map[string]float64{"csat": 4.5, "turns": 3},
			CreatedAt: began, ClosedAt: &closed, Events: 15, Errors: 1,
			Usage: types.Usage{PromptTokens: 5204, CompletionTokens: 391, TotalTokens: 5595, CachedTokens: 1024}, Cost: new(0.01834),
		},
		Events: supportEvents(),
	}
}

func supportEvents() []types.Event {
	return []types.Event{
		at("start", "", 0, 0, types.Event{Type: types.EventSessionStart, Session: &types.SessionFields{Name: "Refund for order 4711"}}),
		at("plan", "", 5, 1900, step("plan", "plan")),
		at("llm1", "evt_plan", 20, 1240, llm(types.LLMCall{
			Model: "gpt-4o-2024-11-20", Provider: "openai", FinishReason: "tool_calls", Cost: new(0.0041), TimeToFirstToken: ms(310),
			Usage: types.Usage{PromptTokens: 1204, CompletionTokens: 87, CachedTokens: 1024},
			OutputMessages: []types.Message{{Role: "assistant", Parts: []types.Part{
				{Type: "tool_call", ID: "call_1", Name: "find_order", Arguments: map[string]any{"order_id": "4711"}},
			}}},
		})),
		at("decide", "evt_plan", 1300, 0, types.Event{Type: types.EventDecision, Decision: &types.Decision{
			Reasoning: "The customer names an order, so its state decides what is possible at all.", Chosen: "find_order",
			Alternatives: []string{"find_order", "ask_customer", "escalate"}, Confidence: new(0.82),
		}}),
		at("tool1", "", 1950, 150.25, withStatus(types.StatusError, tool(types.ToolCall{
			ToolName: "find_order", ToolInput: map[string]any{"order_id": "4711"}, Error: "orders-eu: connection reset by peer", Attempt: 1,
		}))),
		at("err", "", 2101, 0, types.Event{Type: types.EventError, Error: &types.ErrorEvent{
			ErrorType: "ConnectionError", ErrorMessage: "orders-eu: connection reset by peer", Recoverable: true,
			RecoveryAction: "ask the replica in the other region", StackTrace: "orders.Find\n\torders.go:71\nmain.refund\n\tmain.go:112",
		}}),
		at("tool2", "", 2150, 640, tool(types.ToolCall{
			ToolName: "find_order", ToolInput: map[string]any{"order_id": "4711", "region": "us"}, Attempt: 2,
			ToolOutput: map[string]any{"items": []any{map[string]any{"sku": "B-77", "price": 59.9}}, "state": "delivered", "paid_with": "card"},
		})),
		at("agent", "", 2900, 7800, step("refund", "agent")),
		at("llm2", "evt_agent", 2950, 2100, llm(types.LLMCall{
			Model: "in-house-7b", Response: "The order was delivered yesterday, a refund is within the policy.", FinishReason: "stop",
			Usage: types.Usage{PromptTokens: 4000, CompletionTokens: 304, ReasoningTokens: 120},
		})),
		at("policy", "evt_agent", 5100, 3, tool(types.ToolCall{ToolName: "policy", ToolInput: "refund", ToolOutput: "30 days"})),
		at("sub", "evt_agent", 5200, 5400, step("settle", "")),
		at("pay", "evt_sub", 5300, 4200, tool(types.ToolCall{ToolName: "pay_back", ToolInput: map[string]any{"amount": json.Number("59.90"), "currency": "EUR"}, ToolOutput: true})),
		at("mail", "evt_sub", 5400, 0, withStatus(types.StatusRunning, tool(types.ToolCall{ToolName: "send_mail", ToolInput: map[string]any{"to": "customer", "template": "refund"}}))),
		at("judge", "", 12_000, 0, types.Event{Type: types.EventFeedback, Feedback: &types.Feedback{Name: "helpful", Score: new(1.0), Comment: "quick, thanks"}}),
		at("later", "", 12_100, 200, types.Event{Type: "handoff", Raw: json.RawMessage(`{"id":"evt_later","type":"handoff","to":"billing","position":14}`)}),
		at("end", "", 12_400, 0, types.Event{Type: types.EventSessionEnd, Result: &types.SessionResult{Status: types.StatusSuccess}}),
	}
}

func withStatus(s types.Status, e types.Event) types.Event { e.Status = s; return e }
