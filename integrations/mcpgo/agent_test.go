package mcpgo_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// The agent that all integrations share calls its tool through MCP, recorded on both sides.
func TestAgent(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{
		Name:  "mcpgo",
		Lacks: append([]string{"call_id"}, agenttest.PlainLacks...), // MCP does not carry the model's id of a call
		Open: func(t *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
			return &toolAgent{agenttest.Plain(baseURL, client), t, client}
		},
	})
}

type toolAgent struct {
	agenttest.Agent
	t        *testing.T
	sentrial *sentrial.Client
}

// CallTool serves the tool and calls it.
func (a *toolAgent) CallTool(ctx context.Context, call fakellm.ToolCall, run func(context.Context, string) (string, error)) (string, error) {
	s := server.NewMCPServer("orders", "1", served(a.sentrial))
	s.AddTool(mcp.NewTool(call.Name), handler(run))
	c, err := client.NewInProcessClient(s)
	result, err := connect(a.t, c, err, recorded(a.sentrial)).CallTool(ctx, request(call.Name, arguments(call)))
	if err != nil {
		return "", err
	}
	said := result.Content[0].(mcp.TextContent).Text
	if result.IsError {
		return "", errors.New(said)
	}
	return said, nil
}

func handler(run func(context.Context, string) (string, error)) server.ToolHandlerFunc {
	return func(ctx context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		text, err := json.Marshal(req.GetRawArguments())
		if err != nil {
			return nil, err
		}
		output, err := run(ctx, string(text))
		if err != nil {
			return mcp.NewToolResultError(err.Error()), nil
		}
		return mcp.NewToolResultStructured(json.RawMessage(output), output), nil
	}
}

// arguments are those of a call as JSON, which is how some models send them.
func arguments(call fakellm.ToolCall) any {
	if text, ok := call.Arguments.(string); ok {
		return json.RawMessage(text)
	}
	return call.Arguments
}
