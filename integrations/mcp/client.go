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
			params, ok := paramsOf(req)
			if method != callTool || !ok {
				return next(ctx, method, req)
			}
			return sender.send(ctx, req, params, next)
		}
	}
}

type sender struct {
	recorder *adapter.Recorder
	settings
}

func (s *sender) send(ctx context.Context, req mcp.Request, params *mcp.CallToolParams, next mcp.MethodHandler) (mcp.Result, error) {
	ctx, call := s.recorder.Tool(ctx, types.ToolCall{ToolName: params.Name, ToolInput: inputOf(params.Arguments)})
	if call.Recorded() {
		session, _ := req.GetSession().(*mcp.ClientSession)
		call.Metadata = aboutServer(session)
	}
	if !s.withoutMeta {
		addressed := *params // the program's own stay as they are
		addressed.Meta = mcpmeta.Write(ctx, params.Meta, call.Recorded())
		req = withParams(req, &addressed)
	}
	return run(ctx, call, req, next)
}

// paramsOf gives those of a tools/call.
func paramsOf(req mcp.Request) (*mcp.CallToolParams, bool) {
	if req == nil {
		return nil, false
	}
	params, _ := req.GetParams().(*mcp.CallToolParams)
	return params, params != nil
}

// withParams is the request with other params; the SDK itself makes requests of the first type.
func withParams(req mcp.Request, params *mcp.CallToolParams) mcp.Request {
	switch r := req.(type) {
	case *mcp.ClientRequest[mcp.Params]:
		return &mcp.ClientRequest[mcp.Params]{Session: r.Session, Params: params}
	case *mcp.ClientRequest[*mcp.CallToolParams]:
		return &mcp.ClientRequest[*mcp.CallToolParams]{Session: r.Session, Params: params}
	}
	return req
}

func untouched(next mcp.MethodHandler) mcp.MethodHandler { return next }
