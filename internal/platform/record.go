package platform

import (
	"context"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/types"
)

// call is what is recorded of a request. Without a session nothing is, and nothing is counted as missing.
type call struct {
	span   *sentrial.ToolSpan
	output any
}

func (c *Client) begin(ctx context.Context, q *Request) (context.Context, *call) {
	if q.Tool == "" || sentrial.SessionFromContext(ctx) == nil {
		return ctx, nil
	}
	ctx, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: c.cfg.Name + "." + q.Tool, ToolInput: q.Input})
	return ctx, &call{span, q.Output}
}

func (c *call) end(reply *httpx.Response, attempts int, err error) {
	if c == nil {
		return
	}
	c.span.Metadata = map[string]any{"attempts": attempts}
	if reply != nil {
		c.span.Metadata["http_status"] = reply.Status
	}
	if err == nil {
		c.span.ToolOutput = c.output
	}
	c.span.End(err)
}
