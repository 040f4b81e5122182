package mcpgo

import (
	"context"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// errUnreturned stands for a handler that panicked or ended its goroutine.
var errUnreturned = errors.New("the call did not return: it panicked, or ended its goroutine")

// run makes the call and gives back what it gave.
func run(ctx context.Context, call *adapter.Tool, request mcp.CallToolRequest, next server.ToolHandlerFunc) (*mcp.CallToolResult, error) {
	defer call.End(errUnreturned) // of two ends the first counts
	result, err := next(ctx, request)
	if call.Recorded() && result != nil && err == nil {
		described(ctx, call, result)
	}
	call.End(err)
	return result, err
}

func described(ctx context.Context, call *adapter.Tool, res *mcp.CallToolResult) {
	if len(res.InputRequests) > 0 {
		call.Metadata[resultType] = "input_required"
	}
	if !res.IsError {
		call.ToolOutput = outputOf(res)
		return
	}
	call.Error = errorOf(res)
	if !onlyText(res) {
		call.ToolOutput = outputOf(res)
	}
	if call.Status = types.StatusError; errors.Is(ctx.Err(), context.Canceled) {
		call.Status = types.StatusCancelled // a tool's error is its result, also that it was called off
	}
}
