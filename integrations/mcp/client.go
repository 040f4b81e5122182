package mcp

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/adapter/mcpmeta"
	"github.com/sentrial/sentrial-go/types"
)

// ClientMiddleware records the tool calls that an MCP client makes, and tells the server where they are recorded. It is for [mcp.Client.AddSendingMiddleware]. A
// nil client records nothing.
func ClientMiddleware(client *sentrial.Client, opts ...Option) mcp.Middleware {
	if client == nil {
		return untouched
	}
	set := newSettings(opts)
	sender := &sender{adapter.New(client, set.fallback), set}
	return func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
			call, ok := req.(*mcp.ClientRequest[*mcp.CallToolParams])
			if method != callTool || !ok || call == nil || call.Params == nil {
				return next(ctx, method, req)
			}
			return sender.send(ctx, call, next)
		}
	}
}

type sender struct {
	recorder *adapter.Recorder
	settings
}

func (s *sender) send(ctx context.Context, req *mcp.ClientRequest[*mcp.CallToolParams], next mcp.MethodHandler) (mcp.Result, error) {
	ctx, call := s.recorder.Tool(ctx, types.ToolCall{ToolName: req.Params.Name, ToolInput: inputOf(req.Params.Arguments)})
	if call.Recorded() {
		call.Metadata = aboutServer(req.Session)
	}
	if !s.withoutMeta {
		req = addressed(ctx, req, call.Recorded())
	}
	return run(ctx, call, req, next)
}

// addressed is the request with where ctx is in its _meta. The program's own params stay as they are.
func addressed(ctx context.Context, req *mcp.ClientRequest[*mcp.CallToolParams], recorded bool) *mcp.ClientRequest[*mcp.CallToolParams] {
	params := *req.Params
	params.Meta = mcpmeta.Write(ctx, params.Meta, recorded)
	next := *req
	next.Params = &params
	return &next
}

func untouched(next mcp.MethodHandler) mcp.MethodHandler { return next }
