package mcpgo_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

type forecast struct {
	Celsius float64 `json:"celsius"`
}

// waiting has, by the arguments of a call of wait, what to close when it has begun.
var waiting sync.Map

// newServer is an MCP server with a tool for each way that a call can go.
func newServer(opts ...server.ServerOption) *server.MCPServer {
	s := server.NewMCPServer("weather-server", "1", opts...)
	s.AddTool(mcp.NewTool("weather"), weather)
	s.AddTool(mcp.NewTool("say"), func(_ context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		text, err := json.Marshal(req.GetRawArguments())
		return mcp.NewToolResultText(string(text)), err
	})
	s.AddTool(mcp.NewTool("fail"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return nil, errors.New("out of order")
	})
	s.AddTool(mcp.NewTool("show"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) { return everything(), nil })
	s.AddTool(mcp.NewTool("wait"), func(ctx context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if begun, ok := waiting.Load(req.GetString("test", "")); ok {
			close(begun.(chan struct{}))
		}
		<-ctx.Done()
		return nil, ctx.Err()
	})
	return s
}

// weather works as tools do: it thinks, calls one of its own, and may fail.
func weather(ctx context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	city := req.GetString("city", "")
	if city == "" {
		return mcp.NewToolResultError("no city was given"), nil
	}
	degrees := 4.0
	if sentrial.SessionFromContext(ctx) != nil {
		sentrial.Decide(ctx, types.Decision{Chosen: "look up " + city})
		degrees, _ = sentrial.Tool(ctx, "geocode", city, func(context.Context, string) (float64, error) { return degrees, nil })
	}
	return mcp.NewToolResultJSON(forecast{degrees})
}

func everything() *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{
		mcp.NewTextContent("a map"),
		mcp.NewImageContent("MTIzNDU=", "image/png"),
		mcp.NewAudioContent("MTIz", "audio/wav"),
		mcp.NewResourceLink("file:///a", "a", "", "text/plain"),
		mcp.NewEmbeddedResource(mcp.TextResourceContents{URI: "file:///b", MIMEType: "text/plain", Text: "b"}),
		mcp.NewEmbeddedResource(mcp.BlobResourceContents{URI: "file:///c", MIMEType: "application/pdf", Blob: "MTIzNDU2Nw=="}),
	}}
}
