package langchaingo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// WrapModel gives a model that records each call and does otherwise what the given one does. It is a llms.ReasoningModel, and has CreateEmbedding as package
// embeddings wants it, if the given one is and has. Its method Unwrap gives the model back.
func WrapModel(m llms.Model, client *sentrial.Client, opts ...Option) llms.Model {
	if m == nil {
		return nil
	}
	w := &model{handler: NewHandler(client, opts...), inner: m, provider: providerOf(m)}
	if w.name = w.handler.modelName; w.name == "" {
		w.name = configuredName(m)
	}
	reasoner, reasons := m.(llms.ReasoningModel)
	e, embeds := m.(embedder)
	switch {
	case reasons && embeds:
		return struct {
			*model
			reasoning
			*embedding
		}{w, reasoning{reasoner}, &embedding{w, e}}
	case reasons:
		return struct {
			*model
			reasoning
		}{w, reasoning{reasoner}}
	case embeds:
		return struct {
			*model
			*embedding
		}{w, &embedding{w, e}}
	}
	return w
}

type model struct {
	handler  *Handler // for what it has; nothing calls it back
	inner    llms.Model
	provider string
	name     string // that it was made with
}

// Unwrap is the model that was wrapped.
func (m *model) Unwrap() llms.Model { return m.inner }

// GenerateContent asks the model.
func (m *model) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	call := m.begin(ctx, messages, options)
	defer call.gone()
	res, err := m.inner.GenerateContent(call.ctx, messages, call.options...)
	call.end(res, err)
	return res, err
}

// Call asks the model with plain text.
func (m *model) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	call := m.begin(ctx, []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, prompt)}, options)
	defer call.gone()
	answer, err := m.inner.Call(call.ctx, prompt, call.options...) //nolint:staticcheck // who calls it wants it
	res := call.inside.said()
	if res == nil && answer != "" {
		res = &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: answer}}}
	}
	call.end(res, err)
	return answer, err
}

// modelCall is one call of a wrapped model.
type modelCall struct {
	*adapter.LLM
	model   *model
	ctx     context.Context //nolint:containedctx // what the model is called with
	options []llms.CallOption
	stream  *stream
	inside  *callInside
	over    bool
}

func (m *model) begin(ctx context.Context, messages []llms.MessageContent, options []llms.CallOption) *modelCall {
	if ctx == nil {
		ctx = context.Background()
	}
	call := &modelCall{model: m, ctx: ctx, options: options, inside: &callInside{client: m.handler.client}}
	quietly(func() {
		m.handler.settle(spotHere(), none, ending{fine: true})
		opts := optionsOf(options)
		call.ctx, call.LLM = m.handler.recorder.LLM(ctx, m.request(messages, opts))
		call.ctx = context.WithValue(call.ctx, callKey{}, call.inside)
		m.handler.verbose.begins("model "+call.Model, lastText(messages))
		if call.Recorded() && opts.streams() {
			call.stream = &stream{call: call.LLM}
			call.options = append(slices.Clip(options), call.stream.watch)
		}
	})
	if call.LLM == nil {
		call.LLM = new(adapter.LLM)
	}
	return call
}

func (m *model) request(messages []llms.MessageContent, opts callOptions) types.LLMCall {
	call := types.LLMCall{Model: opts.Model, Provider: m.provider}
	if call.Model == "" {
		call.Model = m.name
	}
	quietly(func() {
		call.Messages, call.Parameters, call.ToolDefinitions = messagesOf(messages), opts.parameters(), opts.tools()
	})
	return call
}

func (c *modelCall) end(res *llms.ContentResponse, err error) {
	c.over = true
	quietly(func() {
		if c.Recorded() || c.model.handler.verbose != nil {
			answered(&c.LLMCall, res)
			c.stream.fill(c.ctx, &c.LLMCall, err)
		}
		c.model.handler.verbose.answers(&c.LLMCall, err)
	})
	c.LLM.End(cancelled(c.ctx, err))
}

// cancelled makes an error that a provider has rewritten one that tells of the cancelled context.
func cancelled(ctx context.Context, err error) error {
	if err == nil || !errors.Is(ctx.Err(), context.Canceled) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", err, context.Canceled)
}

// gone ends the call of a model that did not return, with what had come. It does not recover: the program's own trace tells more.
func (c *modelCall) gone() {
	if !c.over {
		c.end(nil, errGone)
	}
}

var errGone = errors.New("it did not return: it panicked, or its goroutine ended")
