package langchaingo

import (
	"context"

	"github.com/tmc/langchaingo/tools"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// WrapTool gives a tool that records each call and does otherwise what the given one does. Its method Unwrap gives the tool back.
func WrapTool(t tools.Tool, client *sentrial.Client, opts ...Option) tools.Tool {
	if t == nil {
		return nil
	}
	return &tool{Tool: t, handler: NewHandler(client, opts...)}
}

type tool struct {
	tools.Tool
	handler *Handler
}

// Unwrap is the tool that was wrapped.
func (t *tool) Unwrap() tools.Tool { return t.Tool }

// Call runs the tool. What happens in it is recorded inside the call.
func (t *tool) Call(ctx context.Context, input string) (output string, err error) {
	if ctx == nil {
		ctx = context.Background()
	}
	within, end := ctx, func(string, error) {}
	quietly(func() { within, end = t.handler.beginTool(ctx, t.Tool.Name(), input) })
	defer end("", errGone)
	output, err = t.Tool.Call(within, input)
	end(output, err)
	return output, err
}

// beginTool gives the context for what happens in the tool, and the function that ends its call. The first end counts.
func (h *Handler) beginTool(ctx context.Context, name, input string) (context.Context, func(string, error)) {
	now := spotHere()
	h.settle(now, none, ending{fine: true})
	why, _ := intended(now, h.client, byName(name))
	within, call := h.recorder.Tool(h.beside(ctx, now, name, input), types.ToolCall{
		ToolName: name, CallID: why.action.ToolID, ToolInput: inputValue(input), Reasoning: h.reasonOf(why),
	})
	h.verbose.begins("tool "+name, input)
	within = context.WithValue(within, toolKey{}, &toolInside{client: h.client, name: name, input: input})
	over := false
	return within, func(output string, err error) {
		if over {
			return
		}
		over = true
		h.verbose.ends("tool "+name, output, err)
		if err == nil {
			call.ToolOutput = output
		}
		endTool(call, err, h.noToolError)
	}
}

func (h *Handler) reasonOf(why intent) string {
	if h.noThoughts {
		return ""
	}
	return why.reason()
}
