package mcp

import (
	"context"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/adapter/mcpmeta"
	"github.com/sentrial/sentrial-go/types"
)

// ServerMiddleware records the tool calls that an MCP server is asked for, unless the client records them, and lets what its tools do nest under them. It is for
// [mcp.Server.AddReceivingMiddleware]. A nil client records nothing.
func ServerMiddleware(client *sentrial.Client, opts ...Option) mcp.Middleware {
	if client == nil {
		return untouched
	}
	set := newSettings(opts)
	receiver := &receiver{client, adapter.New(client, set.fallback), set}
	return func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
			call, ok := req.(*mcp.CallToolRequest)
			if method != callTool || !ok || call == nil || call.Params == nil {
				return next(ctx, method, req)
			}
			return receiver.receive(ctx, call, next)
		}
	}
}

type receiver struct {
	client   *sentrial.Client
	recorder *adapter.Recorder
	settings
}

func (r *receiver) receive(ctx context.Context, req *mcp.CallToolRequest, next mcp.MethodHandler) (mcp.Result, error) {
	if r.trusts(ctx, req) {
		var recorded bool
		if ctx, recorded = mcpmeta.Read(ctx, r.client, req.Params.Meta); recorded {
			return next(ctx, callTool, req)
		}
	}
	ctx, call := r.recorder.Tool(ctx, types.ToolCall{ToolName: req.Params.Name, ToolInput: inputOf(req.Params.Arguments)})
	if call.Recorded() {
		call.Metadata = aboutClient(req.Session)
	}
	return run(ctx, call, req, next)
}

// trusts tells whether the request may name the session.
func (r *receiver) trusts(ctx context.Context, req *mcp.CallToolRequest) bool {
	return !r.withoutMeta && (r.trustedMeta || !fromAfar(ctx, req))
}

// fromAfar tells whether a request came by HTTP. Standard input and output and memory have neither headers nor sessions with ids; that of server-sent events shows
// in the context alone.
func fromAfar(ctx context.Context, req *mcp.CallToolRequest) bool {
	return req.Extra != nil || req.Session != nil && req.Session.ID() != "" || ctx.Value(http.ServerContextKey) != nil
}
