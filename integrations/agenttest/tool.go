package agenttest

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// runTools runs what was asked for; the conversation goes on with the calls and their results.
func (a *actor) runTools(ctx context.Context, got Answer) []types.Message {
	asked := types.Message{Role: "assistant"}
	var results []types.Message
	for _, call := range got.ToolCalls {
		arguments := asJSON(call.Arguments)
		asked.Parts = append(asked.Parts, types.Part{Type: types.PartToolCall, ID: call.ID, Name: call.Name, Arguments: json.RawMessage(arguments)})
		output, err := a.callTool(ctx, call)
		if err != nil {
			output = asJSON(map[string]string{"error": noOrder})
		}
		results = append(results, types.Message{Role: "tool", Name: call.Name, Parts: []types.Part{{
			Type: types.PartToolCallResponse, ID: call.ID, Name: call.Name, Response: output,
		}}})
	}
	return append([]types.Message{asked}, results...)
}

// callTool runs a tool as the integration does, or inside of the helper, or both.
func (a *actor) callTool(ctx context.Context, call fakellm.ToolCall) (string, error) {
	run := func(ctx context.Context) (string, error) { return lookUp(ctx, asJSON(call.Arguments)) }
	if caller, ok := a.agent.(ToolCaller); ok {
		run = func(ctx context.Context) (string, error) { return caller.CallTool(ctx, call, lookUp) }
		if !a.inside {
			return run(ctx)
		}
	}
	output, err := sentrial.Tool(ctx, call.Name, json.RawMessage(asJSON(call.Arguments)), func(ctx context.Context, _ json.RawMessage) (any, error) {
		output, err := run(ctx)
		if err != nil {
			return nil, err
		}
		return json.RawMessage(output), nil
	}, sentrial.WithCallID(call.ID))
	return asJSON(output), err
}

// lookUp is the tool find_order.
func lookUp(_ context.Context, arguments string) (string, error) {
	var order struct{ ID string }
	if err := json.Unmarshal([]byte(arguments), &order); err != nil {
		return "", err
	}
	if order.ID != "A-18" {
		return "", errors.New(noOrder)
	}
	return `{"place":"Zürich ☕","days":1}`, nil
}
