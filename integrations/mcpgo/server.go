package mcpgo

import (
	"context"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/adapter/mcpmeta"
	"github.com/sentrial/sentrial-go/types"
)

// ToolMiddleware records the tool calls that an MCP server is asked for, unless the client records them, and lets what its tools do nest under them. It is for
// [server.WithToolHandlerMiddleware]. A nil client records nothing.
func ToolMiddleware(client *sentrial.Client, opts ...Option) server.ToolHandlerMiddleware {
	if client == nil {
		return func(next server.ToolHandlerFunc) server.ToolHandlerFunc { return next }
	}
	set := newSettings(opts)
	r := &receiver{client, adapter.New(client, set.fallback), set}
	return func(next server.ToolHandlerFunc) server.ToolHandlerFunc {
		return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return r.receive(ctx, request, next)
		}
	}
}

type receiver struct {
	client   *sentrial.Client
	recorder *adapter.Recorder
	settings
}

func (r *receiver) receive(ctx context.Context, request mcp.CallToolRequest, next server.ToolHandlerFunc) (*mcp.CallToolResult, error) {
	if meta := request.Params.Meta; meta != nil && r.trusts(ctx, request) {
		var recorded bool
		if ctx, recorded = mcpmeta.Read(ctx, r.client, meta.AdditionalFields); recorded {
			return next(ctx, request)
		}
	}
	ctx, call := r.recorder.Tool(ctx, types.ToolCall{ToolName: request.Params.Name, ToolInput: inputOf(&request.Params)})
	if call.Recorded() {
		call.Metadata = aboutClient(ctx, request)
	}
	return run(ctx, call, request, next)
}

// trusts tells whether the request may name the session.
func (r *receiver) trusts(ctx context.Context, request mcp.CallToolRequest) bool {
	return !r.withoutMeta && (r.trustedMeta || !fromAfar(ctx, request))
}

// fromAfar tells whether a request came by HTTP: standard input and output and memory have no headers.
func fromAfar(ctx context.Context, request mcp.CallToolRequest) bool {
	return len(request.Header) > 0 || ctx.Value(http.ServerContextKey) != nil
}
