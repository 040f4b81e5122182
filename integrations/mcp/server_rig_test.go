package mcp_test

import (
	"context"
	"errors"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

type place struct {
	City string `json:"city"`
}

type forecast struct {
	Celsius float64 `json:"celsius"`
}

// waiting has, by the arguments of a call of wait, what to close when it has begun.
var waiting sync.Map

// newServer is an MCP server with a tool for each way that a call can go.
func newServer() *sdk.Server {
	server := sdk.NewServer(&sdk.Implementation{Name: "weather-server", Version: "1"}, nil)
	sdk.AddTool(server, &sdk.Tool{Name: "weather"}, weather)
	add := func(name string, handle sdk.ToolHandler) {
		server.AddTool(&sdk.Tool{Name: name, InputSchema: map[string]any{"type": "object"}}, handle)
	}
	add("say", func(_ context.Context, req *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return text(string(req.Params.Arguments)), nil
	})
	add("fail", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "out of order"}
	})
	add("show", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) { return everything(), nil })
	add("wait", func(ctx context.Context, req *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		if begun, ok := waiting.Load(string(req.Params.Arguments)); ok {
			close(begun.(chan struct{}))
		}
		<-ctx.Done()
		return nil, ctx.Err()
	})
	return server
}

// weather works as tools do: it thinks, calls one of its own, and may fail.
func weather(ctx context.Context, _ *sdk.CallToolRequest, in place) (*sdk.CallToolResult, forecast, error) {
	if in.City == "" {
		return nil, forecast{}, errors.New("no city was given")
	}
	if sentrial.SessionFromContext(ctx) == nil {
		return nil, forecast{4}, nil
	}
	sentrial.Decide(ctx, types.Decision{Chosen: "look up " + in.City})
	degrees, err := sentrial.Tool(ctx, "geocode", in.City, func(context.Context, string) (float64, error) { return 4, nil })
	return nil, forecast{degrees}, err
}

func everything() *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{
		&sdk.TextContent{Text: "a map"},
		&sdk.ImageContent{MIMEType: "image/png", Data: []byte("12345")},
		&sdk.AudioContent{MIMEType: "audio/wav", Data: []byte("123")},
		&sdk.ResourceLink{URI: "file:///a", Name: "a", MIMEType: "text/plain"},
		&sdk.EmbeddedResource{Resource: &sdk.ResourceContents{URI: "file:///b", MIMEType: "text/plain", Text: "b"}},
		&sdk.EmbeddedResource{Resource: &sdk.ResourceContents{URI: "file:///c", MIMEType: "application/pdf", Blob: []byte("1234567")}},
	}}
}

func text(text string) *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}}
}
