package mcp_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	"github.com/sentrial/sentrial-go/integrations/mcp"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// The agent that all integrations share calls its tool through MCP, recorded on both sides.
func TestAgent(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{
		Name:  "mcp",
		Lacks: append([]string{"call_id"}, agenttest.PlainLacks...), // MCP does not carry the model's id of a call
		Open: func(t *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
			return &toolAgent{agenttest.Plain(baseURL, client), t, client}
		},
	})
}

type toolAgent struct {
	agenttest.Agent
	t      *testing.T
	client *sentrial.Client
}

// CallTool serves the tool and calls it.
func (a *toolAgent) CallTool(ctx context.Context, call fakellm.ToolCall, run func(context.Context, string) (string, error)) (string, error) {
	server := sdk.NewServer(&sdk.Implementation{Name: "orders", Version: "1"}, nil)
	server.AddReceivingMiddleware(mcp.ServerMiddleware(a.client))
	server.AddTool(&sdk.Tool{Name: call.Name, InputSchema: map[string]any{"type": "object"}}, handler(run))
	result, err := connectTo(a.t, server, newAgent(mcp.ClientMiddleware(a.client))).CallTool(ctx, &sdk.CallToolParams{Name: call.Name, Arguments: arguments(call)})
	if err != nil {
		return "", err
	}
	said := result.Content[0].(*sdk.TextContent).Text
	if result.IsError {
		return "", errors.New(said)
	}
	return said, nil
}

func handler(run func(context.Context, string) (string, error)) sdk.ToolHandler {
	return func(ctx context.Context, req *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		output, err := run(ctx, string(req.Params.Arguments))
		if err != nil {
			failed := text(err.Error())
			failed.IsError = true
			return failed, nil
		}
		result := text(output)
		result.StructuredContent = json.RawMessage(output)
		return result, nil
	}
}

// arguments are those of a call as JSON, which is how some models send them.
func arguments(call fakellm.ToolCall) any {
	if text, ok := call.Arguments.(string); ok {
		return json.RawMessage(text)
	}
	return call.Arguments
}
