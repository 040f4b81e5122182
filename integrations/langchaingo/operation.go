package langchaingo

import (
	"context"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

type kind int

const (
	aChain kind = iota
	anLLM
	aTool
	aRetrieval
)

// operation is something that has begun and not ended, as far as the callbacks tell. Whoever takes it from its thread ends it; until then its fields are guarded by
// threads.mu.
type operation struct {
	handler *Handler
	kind    kind
	ctx     context.Context //nolint:containedctx // what the callbacks of one operation have in common
	at      spot            // where it began
	began   time.Time
	over    time.Time // when its context was first seen to be over
	leave   func()

	step  *sentrial.StepSpan // of a chain or a retrieval
	llm   *adapter.LLM
	tool  *adapter.Tool
	input string // of a tool

	agent    bool      // a chain that is an agent's
	streamed text      // of an LLM call
	last     time.Time // when the last was heard of it
}

// running tells whether the function that told of the beginning still runs, on the goroutine that asks.
func (o *operation) running() bool { return framesHere().inside(o.at.stack) }

// ending is how an operation ends that did not tell of it.
type ending struct {
	cause error // of the chain around it
	fine  bool  // the chain around it went on
}

func (e ending) status() types.Status {
	if e.fine || e.cause != nil {
		return "" // as the cause says
	}
	return types.StatusUnknown
}

// endUnheard ends an operation whose end nobody told.
func (o *operation) endUnheard(e ending) {
	defer o.leave()
	switch o.kind {
	case anLLM:
		o.endCallUnheard(e)
	case aTool:
		o.tool.Status, o.tool.Metadata = e.status(), unheard()
		o.endTool(e.cause)
	default:
		o.step.Status, o.step.Metadata = e.status(), unheard()
		o.step.End(e.cause)
	}
}

// endCallUnheard gives nothing to a call that it was part of and that is over: it would become another event.
func (o *operation) endCallUnheard(e ending) {
	if !o.llm.Live() {
		return
	}
	if o.llm.Status, o.llm.Error = o.llm.Told(); o.llm.Status == "" {
		o.llm.Status, o.llm.Error, o.llm.Metadata = e.status(), "", unheard()
	}
	o.llm.Response = o.streamed.String()
	if !o.last.IsZero() {
		o.llm.Duration = o.last.Sub(o.began)
	}
	o.llm.End(cancelled(o.ctx, e.cause))
}

// unheard marks an event whose end is a guess.
func unheard() map[string]any { return map[string]any{"end_reported": false} }
