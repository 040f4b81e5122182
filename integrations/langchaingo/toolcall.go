package langchaingo

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// HandleToolStart begins a tool call. The callback names no tool: the name is that of the agent's action before it, else "tool".
func (h *Handler) HandleToolStart(ctx context.Context, input string) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.settle(now, aTool, ending{fine: true})
		why, known := intended(now, h.client, byInput(input))
		if !known && wrappedTool(ctx, h.client).take(input) {
			return // WrapTool sees more of it
		}
		call := types.ToolCall{ToolName: why.action.Tool, CallID: why.action.ToolID, ToolInput: inputValue(input), Reasoning: why.reason()}
		if call.ToolName == "" {
			call.ToolName = cmp.Or(h.nameElsewhere(now, input), "tool")
		}
		h.verbose.begins("tool "+call.ToolName, input)
		o := &operation{handler: h, kind: aTool, ctx: ctx, at: now, began: time.Now(), input: input}
		var within context.Context
		within, o.tool = h.recorder.Tool(h.beside(ctx, now, why.action.Tool, input), call)
		o.leave = h.recorder.Enter(ctx, within, o.running)
		o.push()
	})
}

// nameElsewhere is the name by which another handler of the client has just told of the call.
func (h *Handler) nameElsewhere(now spot, input string) (name string) {
	h.look(now, isTool, func(o *operation) {
		if o.handler != h && o.input == input {
			name = o.tool.ToolName
		}
	})
	return name
}

func isTool(o *operation) bool { return o.kind == aTool }

// HandleToolEnd ends the tool call with its output.
func (h *Handler) HandleToolEnd(ctx context.Context, output string) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.endToolCall(ctx, now, nil, func(o *operation) { o.tool.ToolOutput = output }, output)
	})
}

// HandleToolError ends the tool call with its error.
func (h *Handler) HandleToolError(ctx context.Context, err error) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.endToolCall(ctx, now, orUnknown(err), func(*operation) {}, "")
	})
}

func (h *Handler) endToolCall(ctx context.Context, now spot, err error, fill func(*operation), output string) {
	if wrappedTool(ctx, h.client).give() {
		return
	}
	h.settle(now, none, ending{cause: err, fine: err == nil})
	o := h.take(now, aTool)
	if o == nil {
		return
	}
	defer o.leave()
	h.verbose.ends("tool "+o.tool.ToolName, output, err)
	fill(o)
	o.endTool(err)
}

// endTool ends the call as the options want errors to be recorded.
func (o *operation) endTool(err error) { endTool(o.tool, err, o.handler.noToolError) }

func endTool(call *adapter.Tool, err error, withoutErrors bool) {
	if call.Joined() && !call.Live() {
		return // another handler has told of it
	}
	if err != nil && withoutErrors {
		call.Status, err = types.StatusUnknown, nil
	}
	call.End(err)
}

// beside gives ctx for a tool that is called by another tool, so that it does not count as that one's call. The same input tells that it is the same call.
func (h *Handler) beside(ctx context.Context, now spot, name, input string) context.Context {
	if outer := wrappedTool(ctx, h.client); outer != nil && !outer.is(name, input) {
		return h.recorder.Apart(ctx)
	}
	other := false
	h.look(now, isTool, func(o *operation) {
		other = o.input != input || name != "" && o.tool.ToolName != "tool" && !strings.EqualFold(name, o.tool.ToolName)
	})
	if other {
		return h.recorder.Apart(ctx)
	}
	return ctx
}

// inputValue is an input as a value: tools are given text, which for those with several parameters is an object.
func inputValue(input string) any {
	if trimmed := strings.TrimSpace(input); strings.HasPrefix(trimmed, "{") && len(trimmed) <= maxText {
		var object map[string]any
		if json.Unmarshal([]byte(trimmed), &object) == nil {
			return object
		}
	}
	return input
}
