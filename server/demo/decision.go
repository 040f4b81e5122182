package demo

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/server/demo/chat"
	"github.com/sentrial/sentrial-go/server/demo/standin"
	"github.com/sentrial/sentrial-go/types"
)

// decide records why these tools: as the stand-in explains it, else what is known of any model, which is what it was offered and what it asked for.
func (a *agent) decide(ctx context.Context, message chat.Message) {
	if len(message.ToolCalls) == 0 {
		return
	}
	var plan standin.Plan
	if json.Unmarshal([]byte(message.Content), &plan) == nil && plan.Chosen != "" {
		sentrial.Decide(ctx, types.Decision{Reasoning: plan.Reasoning, Alternatives: plan.Alternatives, Chosen: plan.Chosen, Confidence: &plan.Confidence})
		return
	}
	alternatives := []string{"answer"}
	for _, tool := range a.tools.Definitions() {
		alternatives = append(alternatives, tool.Function.Name)
	}
	sentrial.Decide(ctx, types.Decision{Reasoning: string(message.Content), Alternatives: alternatives, Chosen: strings.Join(asked(message, toolName), ", ")})
}

// recovery is what the model does after an error.
func recovery(message chat.Message) string {
	if len(message.ToolCalls) == 0 {
		return "answer without it"
	}
	return "try " + strings.Join(asked(message, toolCall), ", ")
}

func asked(message chat.Message, describe func(chat.Function) string) []string {
	out := make([]string, len(message.ToolCalls))
	for i, call := range message.ToolCalls {
		out[i] = describe(call.Function)
	}
	return out
}

func toolName(f chat.Function) string { return f.Name }

func toolCall(f chat.Function) string { return f.Name + " " + f.Arguments }
