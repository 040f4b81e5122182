package mcp

import (
	"context"
	"errors"
	"strconv"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// callTool is the method that is recorded.
const callTool = "tools/call"

// errUnreturned stands for a handler that panicked or ended its goroutine.
var errUnreturned = errors.New("the call did not return: it panicked, or ended its goroutine")

// run makes the call and gives back what it gave.
func run(ctx context.Context, call *adapter.Tool, req mcp.Request, next mcp.MethodHandler) (mcp.Result, error) {
	defer call.End(errUnreturned) // of two ends the first counts
	result, err := next(ctx, callTool, req)
	if call.Recorded() {
		conclude(ctx, call, result, err)
	}
	return result, err
}

// conclude ends the call with what came of it.
func conclude(ctx context.Context, call *adapter.Tool, result mcp.Result, err error) {
	if refused, ok := errors.AsType[*jsonrpc.Error](err); ok {
		call.Metadata[statusCode] = strconv.FormatInt(refused.Code, 10)
	}
	if res, ok := result.(*mcp.CallToolResult); ok && res != nil && err == nil {
		described(ctx, call, res)
	}
	call.End(err)
}

func described(ctx context.Context, call *adapter.Tool, res *mcp.CallToolResult) {
	if res.NeedsInput() {
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
