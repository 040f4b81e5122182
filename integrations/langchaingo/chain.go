package langchaingo

import (
	"context"
	"errors"
	"time"

	"github.com/tmc/langchaingo/schema"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// HandleChainStart begins a step. What the chain does is recorded inside it.
func (h *Handler) HandleChainStart(ctx context.Context, inputs map[string]any) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.settle(now, aChain, ending{})
		h.verbose.begins("chain", only(inputs))
		h.beginStep(ctx, now, aChain, types.Step{Name: "chain", Kind: "chain", Input: anyMap(inputs)}, h.noThoughts)
	})
}

// beginStep opens a step, unless it is only kept to know where the goroutine is.
func (h *Handler) beginStep(ctx context.Context, now spot, k kind, step types.Step, hidden bool) {
	o := &operation{handler: h, kind: k, ctx: ctx, at: now, began: time.Now(), leave: func() {}}
	if !hidden {
		if within, ok := h.recorder.Session(ctx); ok {
			within, o.step = sentrial.StartStep(within, step)
			o.leave = h.recorder.Enter(ctx, within, o.running)
		}
	}
	if o.step == nil {
		o.step = new(sentrial.StepSpan)
	}
	o.push()
}

// HandleChainEnd ends the chain's step. The outermost chain's outputs are what the session came to.
func (h *Handler) HandleChainEnd(ctx context.Context, outputs map[string]any) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.endChain(ctx, now, nil, only(outputs), func(s *types.Step) { s.Output = anyMap(outputs) })
	})
}

// HandleChainError ends the chain's step with the error, and with it what began inside and did not tell of its end.
func (h *Handler) HandleChainError(ctx context.Context, err error) {
	h.told(ctx, func(ctx context.Context, now spot) { h.endChain(ctx, now, orUnknown(err), nil, func(*types.Step) {}) })
}

func (h *Handler) endChain(ctx context.Context, now spot, err error, output any, fill func(*types.Step)) {
	err = cancelled(ctx, err)
	h.settle(now, none, ending{cause: err, fine: err == nil})
	h.forget(now) // what it decided on is over
	h.verbose.ends("chain", output, err)
	o := h.take(now, aChain)
	if o == nil {
		return // it began before the handler was there
	}
	defer o.leave()
	if o.agent {
		o.step.Name, o.step.Kind = "agent", "agent"
	}
	fill(&o.step.Step)
	o.step.End(err)
	if !h.look(now, isChain, func(*operation) {}) {
		h.conclude(ctx, err, output)
	}
}

func isChain(o *operation) bool { return o.kind == aChain }

// HandleAgentAction records what the agent decided, and why, and remembers it for the tool that is called next.
func (h *Handler) HandleAgentAction(ctx context.Context, action schema.AgentAction) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.settle(now, none, ending{fine: true})
		h.verbose.decides(action)
		h.intend(now, action)
		h.decide(ctx, now, types.Decision{Reasoning: action.Log, Chosen: action.Tool, Metadata: actionFacts(action)})
	})
}

func actionFacts(action schema.AgentAction) map[string]any {
	facts := map[string]any{"tool_input": inputValue(action.ToolInput)}
	if action.ToolID != "" {
		facts["call_id"] = action.ToolID
	}
	return facts
}

// HandleAgentFinish records that the agent is done, and why. What it answers is what the session came to, unless a chain around it says more.
func (h *Handler) HandleAgentFinish(ctx context.Context, finish schema.AgentFinish) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.settle(now, none, ending{fine: true})
		output := only(finish.ReturnValues)
		h.verbose.ends("agent", output, nil)
		h.forget(now)
		h.decide(ctx, now, types.Decision{Reasoning: finish.Log, Chosen: "finish", Metadata: map[string]any{"output": output}})
		if !h.look(now, isChain, func(*operation) {}) {
			h.conclude(ctx, nil, output)
		}
	})
}

// decide records a decision where the agent is, which is in a chain that is an agent's then.
func (h *Handler) decide(ctx context.Context, now spot, d types.Decision) {
	h.look(now, isChain, func(o *operation) { o.agent = true })
	if h.noThoughts {
		return
	}
	if within, ok := h.recorder.Session(ctx); ok {
		sentrial.Decide(within, d)
	}
}

// conclude prepares what the session will end with. It does not end it: who began it does, and may say otherwise.
func (h *Handler) conclude(ctx context.Context, err error, output any) {
	within, ok := h.quietSession(ctx)
	if !ok {
		return
	}
	result := types.SessionResult{Status: types.StatusSuccess, Output: output}
	if err != nil {
		result = types.SessionResult{Status: types.StatusError, Summary: err.Error()}
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			result.Status = types.StatusCancelled
		}
	}
	sentrial.SessionFromContext(within).SetResult(result)
}

// quietSession is the recorder's, without counting that there is none.
func (h *Handler) quietSession(ctx context.Context) (context.Context, bool) {
	if sentrial.SessionFromContext(ctx) == nil && h.session == nil {
		return ctx, false
	}
	return h.recorder.Session(ctx)
}

var errUnknown = errors.New("an error was reported without saying which")

// orUnknown is for callbacks that tell of an error which is nil, as mistral's do when there is no answer.
func orUnknown(err error) error {
	if err == nil {
		return errUnknown
	}
	return err
}

// only is the one value of a map that has one, such as an agent's answer, else the map.
func only(m map[string]any) any {
	if len(m) == 1 {
		for _, v := range m {
			return v
		}
	}
	return anyMap(m)
}

// anyMap keeps a nil map from being a value.
func anyMap(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}
