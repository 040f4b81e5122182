package langchaingo

import (
	"context"
	"strings"
	"time"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// HandleLLMStart begins a call of a model that is given plain text.
func (h *Handler) HandleLLMStart(ctx context.Context, prompts []string) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.beginCall(ctx, now, types.LLMCall{Prompt: strings.Join(prompts, "\n\n")}, func() string { return strings.Join(prompts, " ") })
	})
}

// HandleLLMGenerateContentStart begins a call of a model.
func (h *Handler) HandleLLMGenerateContentStart(ctx context.Context, ms []llms.MessageContent) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.beginCall(ctx, now, types.LLMCall{Messages: messagesOf(ms)}, func() string { return lastText(ms) })
	})
}

func (h *Handler) beginCall(ctx context.Context, now spot, call types.LLMCall, question func() string) {
	h.settle(now, anLLM, ending{})
	if wrappedCall(ctx, h.client) != nil {
		return // WrapModel sees more of it
	}
	h.forget(now)
	h.verbose.begins("model", question())
	call.Model = h.modelName
	o := &operation{handler: h, kind: anLLM, ctx: ctx, at: now, began: time.Now()}
	var within context.Context
	within, o.llm = h.recorder.LLM(ctx, call)
	o.leave = h.recorder.Enter(ctx, within, o.running)
	o.push()
}

// HandleLLMGenerateContentEnd ends the call with its answer. Without one, as mistral tells of the end first, it waits for it.
func (h *Handler) HandleLLMGenerateContentEnd(ctx context.Context, res *llms.ContentResponse) {
	h.told(ctx, func(ctx context.Context, now spot) {
		if w := wrappedCall(ctx, h.client); w != nil {
			w.heard(res)
			return
		}
		h.settle(now, none, ending{})
		if res == nil {
			h.look(now, isCall, func(o *operation) { o.last = time.Now() })
			return
		}
		h.endCall(ctx, now, nil, func(call *types.LLMCall) { answered(call, res) })
	})
}

func isCall(o *operation) bool { return o.kind == anLLM }

// HandleLLMError ends the call with its error.
func (h *Handler) HandleLLMError(ctx context.Context, err error) {
	h.told(ctx, func(ctx context.Context, now spot) {
		if wrappedCall(ctx, h.client) != nil {
			return
		}
		h.settle(now, none, ending{})
		h.endCall(ctx, now, orUnknown(err), func(*types.LLMCall) {})
	})
}

func (h *Handler) endCall(ctx context.Context, now spot, err error, fill func(*types.LLMCall)) {
	o := h.take(now, anLLM)
	if o == nil {
		return
	}
	defer o.leave()
	if o.llm.Joined() && !o.llm.Live() {
		return // another handler has told of it
	}
	quietly(func() { fill(&o.llm.LLMCall) })
	if o.streamed.String() != "" && !hasParts(o.llm.OutputMessages) {
		o.llm.Response = o.streamed.String()
	}
	if err == nil && ctx.Err() != nil && o.llm.FinishReason == "" && !o.last.IsZero() {
		err = ctx.Err() // some providers take the end of the context for the end of the stream
	}
	h.verbose.answers(&o.llm.LLMCall, err)
	o.llm.End(cancelled(ctx, err))
}

// HandleStreamingFunc notes the first piece of a streamed answer, and keeps all of them in case that the end is never told.
func (h *Handler) HandleStreamingFunc(ctx context.Context, chunk []byte) {
	if h == nil || ctx == nil || len(chunk) == 0 {
		return
	}
	quietly(func() {
		if wrappedCall(ctx, h.client) != nil {
			return
		}
		h.streaming(ctx, func(o *operation) {
			o.llm.FirstToken()
			o.streamed.add(chunk)
			o.last = time.Now()
		})
	})
}

// streaming shows the call that a piece belongs to: this goroutine's, else the only one of the context, for providers that read on a goroutine of their own.
func (h *Handler) streaming(ctx context.Context, see func(*operation)) {
	mine := func(o *operation) bool { return o.kind == anLLM && o.handler == h }
	now := spot{goroutine: adapter.Goroutine()}
	if !h.look(now, mine, see) {
		lookElsewhere(now, func(o *operation) bool { return mine(o) && sameContext(o.ctx, ctx) }, see)
	}
}
