package mcpgo

import (
	"context"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/adapter/mcpmeta"
	"github.com/sentrial/sentrial-go/types"
)

// Client is an MCP client whose tool calls are recorded. All else is the wrapped client's.
type Client struct {
	client.MCPClient
	recorder *adapter.Recorder
	settings settings
	server   atomic.Pointer[mcp.InitializeResult]
}

// WrapClient makes a client that records its tool calls, and tells the server where they are recorded. Wrap it before Initialize, so that calls are recorded with the
// server's name. With a nil recording client nothing is recorded.
func WrapClient(c client.MCPClient, recording *sentrial.Client, opts ...Option) *Client {
	set := newSettings(opts)
	set.withoutMeta = set.withoutMeta || recording == nil
	return &Client{MCPClient: c, recorder: adapter.New(recording, set.fallback), settings: set}
}

// Initialize is the wrapped client's.
func (c *Client) Initialize(ctx context.Context, request mcp.InitializeRequest) (*mcp.InitializeResult, error) {
	result, err := c.MCPClient.Initialize(ctx, request)
	if err == nil && result != nil {
		c.server.Store(&mcp.InitializeResult{ProtocolVersion: result.ProtocolVersion, ServerInfo: result.ServerInfo})
	}
	return result, err
}

// CallTool is the wrapped client's, recorded.
func (c *Client) CallTool(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	ctx, call := c.recorder.Tool(ctx, types.ToolCall{ToolName: request.Params.Name, ToolInput: inputOf(&request.Params)})
	if call.Recorded() {
		call.Metadata = c.aboutServer()
	}
	if !c.settings.withoutMeta {
		request.Params.Meta = addressed(ctx, request.Params.Meta, call.Recorded())
	}
	return run(ctx, call, request, c.MCPClient.CallTool)
}

// addressed gives the meta of a request with where ctx is. The program's own stays as it is.
func addressed(ctx context.Context, meta *mcp.Meta, recorded bool) *mcp.Meta {
	var next mcp.Meta
	if meta != nil {
		next = *meta
	}
	next.AdditionalFields = mcpmeta.Write(ctx, next.AdditionalFields, recorded)
	if len(next.AdditionalFields) == 0 {
		return meta
	}
	return &next
}
