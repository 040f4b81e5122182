package mcpgo_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go/integrations/mcpgo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// sides records the same calls once by the client alone and once by the server alone.
func sides(t *testing.T, test func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, c client.MCPClient)) {
	t.Run("client", func(t *testing.T) {
		rec := sentrialtest.New(t)
		test(t, begin(t, rec.Client(), "agent"), rec, overHTTP(t, recorded(rec.Client()), false))
	})
	t.Run("server", func(t *testing.T) {
		rec := sentrialtest.New(t)
		_, own := rec.Client().CreateSession(t.Context(), "server")
		test(t, t.Context(), rec, overHTTP(t, nil, false, served(rec.Client(), mcpgo.WithSession(own))))
	})
}

func TestAnErrorOfTheTool(t *testing.T) {
	sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, c client.MCPClient) {
		if result := call(ctx, t, c, "weather", nil); !result.IsError {
			t.Error("the result is no error")
		}
		e := only(t, rec, "weather")
		if e.Status != types.StatusError || e.ToolCall.Error != "no city was given" || e.ToolCall.ToolOutput != nil {
			t.Errorf("%s, %q, %v", e.Status, e.ToolCall.Error, e.ToolCall.ToolOutput)
		}
	})
}

func TestAnErrorOfTheProtocol(t *testing.T) {
	sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, c client.MCPClient) {
		if _, err := c.CallTool(ctx, request("fail", nil)); !errors.Is(err, mcp.ErrInternalError) {
			t.Errorf("the error is %v", err)
		}
		if e := only(t, rec, "fail"); e.Status != types.StatusError || !strings.Contains(e.ToolCall.Error, "out of order") {
			t.Errorf("%s, %q", e.Status, e.ToolCall.Error)
		}
	})
}

// What mcp-go refuses before it asks a middleware, the client knows.
func TestAnUnknownTool(t *testing.T) {
	rec := sentrialtest.New(t)
	c := inMemory(t, recorded(rec.Client()), served(rec.Client()))
	if _, err := c.CallTool(begin(t, rec.Client(), "agent"), request("nothing", nil)); err == nil {
		t.Error("there is no error")
	}
	if e := only(t, rec, "nothing"); e.Status != types.StatusError || !strings.Contains(e.ToolCall.Error, "not found") {
		t.Errorf("%s, %q", e.Status, e.ToolCall.Error)
	}
}

func TestACallThatIsCalledOff(t *testing.T) {
	sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, c client.MCPClient) {
		ctx, cancel := context.WithCancel(ctx)
		begun := make(chan struct{})
		waiting.Store(t.Name(), begun)
		go func() {
			<-begun
			cancel()
		}()
		if _, err := c.CallTool(ctx, request("wait", map[string]any{"test": t.Name()})); !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
		rec.Wait(t.Context(), func() bool { return len(rec.ToolCalls()) == 1 })
		if e := only(t, rec, "wait"); e.Status != types.StatusCancelled {
			t.Errorf("the status is %s: %q", e.Status, e.ToolCall.Error)
		}
	})
}

func TestWhatResultsBecome(t *testing.T) {
	sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, c client.MCPClient) {
		call(ctx, t, c, "say", map[string]any{"a": 9007199254740993})
		call(ctx, t, c, "show", nil)
		rec.WantToolOutputs("say", `{"a":9007199254740993}`)
		rec.WantToolOutputs("show", []any{
			map[string]any{"type": "text", "text": "a map"},
			map[string]any{"type": "image", "mimeType": "image/png", "size": 5},
			map[string]any{"type": "audio", "mimeType": "audio/wav", "size": 3},
			map[string]any{"type": "resource_link", "uri": "file:///a", "name": "a", "mimeType": "text/plain"},
			map[string]any{"type": "resource", "uri": "file:///b", "mimeType": "text/plain", "text": "b"},
			map[string]any{"type": "resource", "uri": "file:///c", "mimeType": "application/pdf", "size": 7},
		})
	})
}

// handled gives what is recorded of a call that goes so.
func handled(t *testing.T, handle server.ToolHandlerFunc) types.Event {
	t.Helper()
	rec := sentrialtest.New(t)
	func() {
		defer func() { _ = recover() }()
		_, _ = mcpgo.ToolMiddleware(rec.Client())(handle)(begin(t, rec.Client(), "s"), request("tool", nil))
	}()
	return only(t, rec, "tool")
}

func TestOddResults(t *testing.T) {
	for name, test := range map[string]struct {
		result *mcp.CallToolResult
		err    error
		status types.Status
	}{
		"nothing":             {nil, nil, types.StatusSuccess},
		"an error and more":   {mcp.NewToolResultText("x"), errors.New("both"), types.StatusError},
		"an error of no word": {&mcp.CallToolResult{IsError: true}, nil, types.StatusError},
		"odd contents": {&mcp.CallToolResult{Content: []mcp.Content{
			nil, (*mcp.TextContent)(nil), &mcp.TextContent{Text: "x"}, mcp.EmbeddedResource{}, &mcp.EmbeddedResource{Resource: (*mcp.TextResourceContents)(nil)},
		}}, nil, types.StatusSuccess},
		"what has no JSON": {&mcp.CallToolResult{StructuredContent: make(chan int)}, nil, types.StatusSuccess},
	} {
		t.Run(name, func(t *testing.T) {
			e := handled(t, func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) { return test.result, test.err })
			if e.Status != test.status || test.status == types.StatusError && e.ToolCall.Error == "" {
				t.Errorf("%s, %q", e.Status, e.ToolCall.Error)
			}
		})
	}
}

func TestAPanic(t *testing.T) {
	e := handled(t, func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) { panic("oh") })
	if e.Status != types.StatusError {
		t.Errorf("the status is %s", e.Status)
	}
}

// A tool's error is its result, also that it was called off.
func TestAToolThatSaysThatItWasCalledOff(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, cancel := context.WithCancel(begin(t, rec.Client(), "s"))
	handle := mcpgo.ToolMiddleware(rec.Client())(func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		cancel()
		return mcp.NewToolResultError("stopped"), nil
	})
	if result, err := handle(ctx, request("tool", nil)); err != nil || !result.IsError {
		t.Errorf("%v, %v", result, err)
	}
	if e := only(t, rec, "tool"); e.Status != types.StatusCancelled || e.ToolCall.Error != "stopped" {
		t.Errorf("%s, %q", e.Status, e.ToolCall.Error)
	}
}
