package mcp_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go/integrations/mcp"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// sides records the same calls once by the client alone and once by the server alone.
func sides(t *testing.T, test func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, session *sdk.ClientSession)) {
	t.Run("client", func(t *testing.T) {
		rec := sentrialtest.New(t)
		test(t, begin(t, rec.Client(), "agent"), rec, inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client()))))
	})
	t.Run("server", func(t *testing.T) {
		rec := sentrialtest.New(t)
		_, own := rec.Client().CreateSession(t.Context(), "server")
		test(t, t.Context(), rec, inMemory(t, newAgent(), mcp.ServerMiddleware(rec.Client(), mcp.WithSession(own))))
	})
}

func only(t *testing.T, rec *sentrialtest.Recorder, name string) types.Event {
	t.Helper()
	calls := toolCalls(rec, name)
	if len(calls) != 1 {
		t.Fatalf("%d calls of %s:\n%s", len(calls), name, rec.Timeline())
	}
	return calls[0]
}

func TestAnErrorOfTheTool(t *testing.T) {
	sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, session *sdk.ClientSession) {
		result := call(ctx, t, session, "weather", place{})
		if !result.IsError {
			t.Error("the result is no error")
		}
		e := only(t, rec, "weather")
		if e.Status != types.StatusError || e.ToolCall.Error != "no city was given" || e.ToolCall.ToolOutput != nil {
			t.Errorf("%s, %q, %v", e.Status, e.ToolCall.Error, e.ToolCall.ToolOutput)
		}
	})
}

func TestAnErrorOfTheProtocol(t *testing.T) {
	for name, want := range map[string]struct{ text, code string }{
		"fail": {"out of order", "-32603"}, "no such tool": {"unknown tool", "-32602"},
	} {
		sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, session *sdk.ClientSession) {
			_, err := session.CallTool(ctx, &sdk.CallToolParams{Name: name})
			if refused := (*jsonrpc.Error)(nil); !errors.As(err, &refused) {
				t.Errorf("the error is %v", err)
			}
			e := only(t, rec, name)
			if e.Status != types.StatusError || !strings.Contains(e.ToolCall.Error, want.text) || e.Metadata["rpc.response.status_code"] != want.code {
				t.Errorf("%s, %q, %v", e.Status, e.ToolCall.Error, e.Metadata)
			}
		})
	}
}

func TestACallThatIsCalledOff(t *testing.T) {
	sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, session *sdk.ClientSession) {
		ctx, cancel := context.WithCancel(ctx)
		begun := make(chan struct{})
		waiting.Store(`{"test":"`+t.Name()+`"}`, begun)
		go func() {
			<-begun
			cancel()
		}()
		_, err := session.CallTool(ctx, &sdk.CallToolParams{Name: "wait", Arguments: map[string]any{"test": t.Name()}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
		rec.Wait(t.Context(), func() bool { return len(rec.ToolCalls()) == 1 })
		if e := only(t, rec, "wait"); e.Status != types.StatusCancelled {
			t.Errorf("the status is %s: %q", e.Status, e.ToolCall.Error)
		}
	})
}

func TestWhatResultsBecome(t *testing.T) {
	sides(t, func(t *testing.T, ctx context.Context, rec *sentrialtest.Recorder, session *sdk.ClientSession) {
		call(ctx, t, session, "say", map[string]any{"a": 1})
		call(ctx, t, session, "show", nil)
		rec.WantToolOutputs("say", `{"a":1}`)
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

// recordedResult gives what is recorded of a call with that result.
func recordedResult(t *testing.T, result sdk.Result, err error) types.Event {
	t.Helper()
	rec := sentrialtest.New(t)
	handler := mcp.ServerMiddleware(rec.Client())(func(context.Context, string, sdk.Request) (sdk.Result, error) { return result, err })
	got, gotErr := handler(begin(t, rec.Client(), "s"), "tools/call", &sdk.CallToolRequest{Params: &sdk.CallToolParamsRaw{Name: "tool"}})
	if got != result || gotErr != err { //nolint:errorlint // the very same
		t.Errorf("the result is %v, %v", got, gotErr)
	}
	return only(t, rec, "tool")
}

func TestOddResults(t *testing.T) {
	for name, test := range map[string]struct {
		result sdk.Result
		err    error
		status types.Status
	}{
		"nothing":             {nil, nil, types.StatusSuccess},
		"a nil result":        {(*sdk.CallToolResult)(nil), nil, types.StatusSuccess},
		"another result":      {&sdk.ListToolsResult{}, nil, types.StatusSuccess},
		"an error and more":   {text("x"), errors.New("both"), types.StatusError},
		"an error of no word": {&sdk.CallToolResult{IsError: true}, nil, types.StatusError},
		"nil contents": {&sdk.CallToolResult{Content: []sdk.Content{
			nil, (*sdk.TextContent)(nil), (*sdk.ImageContent)(nil), (*sdk.AudioContent)(nil), (*sdk.ResourceLink)(nil), &sdk.EmbeddedResource{},
		}}, nil, types.StatusSuccess},
		"what has no JSON": {&sdk.CallToolResult{StructuredContent: make(chan int)}, nil, types.StatusSuccess},
	} {
		t.Run(name, func(t *testing.T) {
			if e := recordedResult(t, test.result, test.err); e.Status != test.status || test.status == types.StatusError && e.ToolCall.Error == "" {
				t.Errorf("%s, %q", e.Status, e.ToolCall.Error)
			}
		})
	}
}

func TestStructuredContentWithMore(t *testing.T) {
	e := recordedResult(t, &sdk.CallToolResult{StructuredContent: map[string]any{"a": 1}, Content: text("in words").Content}, nil)
	got, ok := e.ToolCall.ToolOutput.(map[string]any)
	if !ok || got["content"] != "in words" || got["structuredContent"] == nil {
		t.Errorf("the output is %v", e.ToolCall.ToolOutput)
	}
	e = recordedResult(t, &sdk.CallToolResult{IsError: true, Content: everything().Content}, nil)
	if e.ToolCall.Error != "a map" || e.ToolCall.ToolOutput == nil {
		t.Errorf("%q, %v", e.ToolCall.Error, e.ToolCall.ToolOutput)
	}
}

// A handler that panics is recorded, and panics on.
func TestAPanic(t *testing.T) {
	rec := sentrialtest.New(t)
	handler := mcp.ServerMiddleware(rec.Client())(func(context.Context, string, sdk.Request) (sdk.Result, error) { panic("oh") })
	ctx := begin(t, rec.Client(), "s")
	func() {
		defer func() {
			if v := recover(); v != "oh" {
				t.Errorf("the panic is %v", v)
			}
		}()
		_, _ = handler(ctx, "tools/call", &sdk.CallToolRequest{Params: &sdk.CallToolParamsRaw{Name: "tool"}})
	}()
	if e := only(t, rec, "tool"); e.Status != types.StatusError {
		t.Errorf("the status is %s", e.Status)
	}
}
