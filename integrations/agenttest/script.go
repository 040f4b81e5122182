package agenttest

import (
	"context"
	"net/http"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// What the script says. The answers have characters of several bytes, which the server's streams cut through.
const (
	instruction = "You find orders."
	found       = "Order A-18 is in Zürich ☕, it comes tomorrow."
	thought     = "The order has to be looked up."
	missing     = "Nobody knows order A-99."
	again       = "Grüezi, here is the answer at last."
	malformed   = "The conversation is malformed."
	overloaded  = "The model is overloaded."
	noOrder     = "no order A-99"
)

// scenario is one run of the agent.
type scenario struct {
	name  string
	brain fakellm.Brain
	act   func(ctx context.Context, a *actor) error
}

var scenarios = []scenario{
	{"answer", tools("A-18", found), loopTo(found)},
	{"tool_fails", tools("A-99", missing), loopTo(missing)},
	{"refused", refuse, wantRefusal},
	{"retried", failFirst, wantAnswer},
	{"cancelled", hang, walkAway},
}

var usage = types.Usage{PromptTokens: 1200, CompletionTokens: 340, CachedTokens: 1000, CacheWriteTokens: 50, ReasoningTokens: 120}

// tools asks for the order and then answers.
func tools(id, answer string) fakellm.Brain {
	return func(req fakellm.Request) fakellm.Reply {
		last := req.Messages[len(req.Messages)-1]
		if last.Role != "user" {
			return fakellm.Reply{Text: answer, Pieces: 4, Usage: types.Usage{PromptTokens: 1300, CompletionTokens: 24}}
		}
		call := fakellm.ToolCall{ID: "call_18", Name: "find_order", Arguments: map[string]string{"id": id}}
		return fakellm.Reply{Reasoning: thought, ToolCalls: []fakellm.ToolCall{call}, Usage: usage, Pieces: 3}
	}
}

func refuse(fakellm.Request) fakellm.Reply {
	return fakellm.Reply{Status: http.StatusBadRequest, Error: malformed}
}

// failFirst wants clients not to wait.
func failFirst(req fakellm.Request) fakellm.Reply {
	if req.Attempt == 1 {
		header := http.Header{"Retry-After": {"0"}, "Retry-After-Ms": {"1"}}
		return fakellm.Reply{Status: http.StatusServiceUnavailable, Error: overloaded, Header: header}
	}
	return fakellm.Reply{Text: again, Pieces: 3, Usage: types.Usage{PromptTokens: 20, CompletionTokens: 8}}
}

func hang(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: found, Pieces: 2, Hang: true} }
