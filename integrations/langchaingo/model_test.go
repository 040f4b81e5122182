package langchaingo_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/fake"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// modelFunc is a model of the test's own.
type modelFunc func(ctx context.Context, opts llms.CallOptions) (*llms.ContentResponse, error)

func (f modelFunc) GenerateContent(ctx context.Context, _ []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var opts llms.CallOptions
	for _, o := range options {
		o(&opts)
	}
	return f(ctx, opts)
}

func (f modelFunc) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	res, err := f.GenerateContent(ctx, nil, options...)
	if err != nil {
		return "", err
	}
	return prompt + res.Choices[0].Content, nil
}

type (
	reasoner struct{ modelFunc }
	embedder struct{ modelFunc }
	both     struct {
		reasoner
		vectors [][]float32
	}
	embeddings interface {
		CreateEmbedding(context.Context, []string) ([][]float32, error)
	}
)

func (reasoner) SupportsReasoning() bool { return true }

func (embedder) CreateEmbedding(context.Context, []string) ([][]float32, error) {
	return nil, errors.New("too long")
}

func (b both) CreateEmbedding(context.Context, []string) ([][]float32, error) { return b.vectors, nil }

func hello(context.Context, llms.CallOptions) (*llms.ContentResponse, error) {
	return answer("hello"), nil
}

func call(ctx context.Context, m llms.Model, prompt string) (string, error) {
	return m.Call(ctx, prompt) //nolint:staticcheck // it is deprecated, and in use
}

// A wrapped model is what the model is, and nothing else.
func TestOptionalInterfaces(t *testing.T) {
	rec, ctx, _ := started(t)
	for name, m := range map[string]llms.Model{
		"plain": modelFunc(hello), "reasoner": reasoner{hello}, "embedder": embedder{hello}, "both": both{reasoner{hello}, [][]float32{{1, 2}}},
	} {
		w := langchaingo.WrapModel(m, rec.Client())
		_, reasons := m.(llms.ReasoningModel)
		r, ok := w.(llms.ReasoningModel)
		if ok != reasons || ok && !r.SupportsReasoning() {
			t.Errorf("%s: reasons %v, want %v", name, ok, reasons)
		}
		e, embeds := m.(embeddings)
		wrapped, ok := w.(embeddings)
		if ok != embeds {
			t.Errorf("%s: embeds %v, want %v", name, ok, embeds)
		}
		if embeds {
			want, wantErr := e.CreateEmbedding(ctx, nil)
			got, err := wrapped.CreateEmbedding(ctx, []string{"a", "b"})
			if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		if inner := w.(interface{ Unwrap() llms.Model }).Unwrap(); reflect.TypeOf(inner) != reflect.TypeOf(m) {
			t.Errorf("%s: unwrapped it is %T", name, inner)
		}
	}
	for _, c := range rec.LLMCalls() {
		if c.Operation != "embeddings" || len(c.Messages[0].Parts) != 2 || c.Error == "" && c.Metadata["dimensions"] == nil {
			t.Errorf("call = %+v", c)
		}
	}
	if len(rec.LLMCalls()) != 2 {
		t.Errorf("%d calls, want 2", len(rec.LLMCalls()))
	}
}

// Call stays the model's own; what a handler inside hears of the answer is more than the text that it gives.
func TestCall(t *testing.T) {
	rec, ctx, h := started(t)
	got, err := call(ctx, langchaingo.WrapModel(modelFunc(hello), rec.Client(), langchaingo.WithModelName("own")), "say: ")
	if err != nil || got != "say: hello" {
		t.Errorf("%q, %v", got, err)
	}
	m := &callingBack{handler: h, text: "hi", end: func(ctx context.Context, h callbackHandler) { h.HandleLLMGenerateContentEnd(ctx, answer("hi")) }}
	if got, err = call(ctx, langchaingo.WrapModel(m, rec.Client()), "q"); err != nil || got != "hi" {
		t.Errorf("%q, %v", got, err)
	}
	calls := rec.LLMCalls()
	if len(calls) != 2 || calls[0].Model != "own" || calls[0].OutputMessages[0].Parts[0].Content != "say: hello" || calls[1].Usage.PromptTokens != 3 {
		t.Errorf("calls = %+v", calls)
	}
}

// The program's functions get what they got, and may stop the model; what had come is recorded.
func TestStreamingIsObserved(t *testing.T) {
	rec, ctx, _ := started(t)
	stop := errors.New("enough")
	m := langchaingo.WrapModel(modelFunc(func(ctx context.Context, o llms.CallOptions) (*llms.ContentResponse, error) {
		for _, piece := range []string{"", "Gr", "\xc3", "\xbc", "ezi"} {
			if o.StreamingReasoningFunc != nil {
				if err := o.StreamingReasoningFunc(ctx, []byte("why "), []byte(piece)); err != nil {
					return nil, err
				}
			}
			if o.StreamingFunc != nil {
				if err := o.StreamingFunc(ctx, []byte(piece)); err != nil {
					return nil, err
				}
			}
		}
		return answer("whole"), nil
	}), rec.Client())
	var got, thought string
	text := llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
		if got += string(chunk); got == "Grü" {
			return stop
		}
		return nil
	})
	reasons := llms.WithStreamingReasoningFunc(func(_ context.Context, reasoning, _ []byte) error { thought += string(reasoning); return nil })
	options := make([]llms.CallOption, 0, 8) // has room for what must not be put into it
	for _, options := range [][]llms.CallOption{append(options, text), append(options, text, reasons)} {
		if got = ""; len(options) > 0 {
			if _, err := m.GenerateContent(ctx, question, options...); !errors.Is(err, stop) || got != "Grü" {
				t.Errorf("%q, %v", got, err)
			}
		}
	}
	if options[:1][0] == nil {
		t.Fatal("the options are the program's")
	}
	if options[:3][2] != nil {
		t.Error("an option was written into the program's slice")
	}
	calls := rec.LLMCalls()
	for i, want := range []string{"Grü", "why why why why Grü"} {
		said := ""
		for _, p := range calls[i].OutputMessages[0].Parts {
			said += p.Content
		}
		if said != want || calls[i].TimeToFirstToken == 0 || calls[i].Error != "enough" {
			t.Errorf("said %q, call %+v", said, calls[i])
		}
	}
}

// A panic passes through, and ends the call.
func TestModelPanics(t *testing.T) {
	rec, ctx, _ := started(t)
	m := langchaingo.WrapModel(modelFunc(func(context.Context, llms.CallOptions) (*llms.ContentResponse, error) { panic("no") }), rec.Client())
	for _, ask := range []func(){func() { generate(ctx, m) }, func() { _, _ = call(ctx, m, "q") }} {
		func() {
			defer func() {
				if recover() != "no" {
					t.Error("the panic is gone")
				}
			}()
			ask()
		}()
	}
	if calls := rec.LLMCalls(); len(calls) != 2 || calls[0].Status != types.StatusError || !strings.Contains(calls[0].Error, "panicked") {
		t.Errorf("calls = %+v", calls)
	}
	func() {
		defer func() { _ = recover() }()
		m := langchaingo.WrapModel(modelFunc(func(ctx context.Context, o llms.CallOptions) (*llms.ContentResponse, error) {
			return nil, o.StreamingFunc(ctx, []byte("half"))
		}), rec.Client())
		_, _ = m.GenerateContent(ctx, question, llms.WithStreamingFunc(func(context.Context, []byte) error { panic("no") }))
	}()
	if c := rec.LLMCalls()[2]; len(c.OutputMessages) != 1 || c.OutputMessages[0].Parts[0].Content != "half" {
		t.Errorf("call = %+v", c)
	}
}

// A wrapped model inside a wrapped model is one call, and so is one inside the helper.
func TestWrappedTwice(t *testing.T) {
	rec, ctx, h := started(t)
	m := langchaingo.WrapModel(langchaingo.WrapModel(modelFunc(hello), rec.Client()), rec.Client())
	generate(ctx, m)
	_, err := sentrial.LLM(ctx, types.LLMCall{Model: "own"}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
		h.HandleLLMGenerateContentStart(ctx, question)
		res, err := m.GenerateContent(ctx, question)
		h.HandleLLMGenerateContentEnd(ctx, res)
		return res.Choices[0].Content, err
	})
	must(t, err)
	calls := rec.LLMCalls()
	if len(calls) != 2 || calls[0].Usage.PromptTokens != 3 || calls[1].Usage.PromptTokens != 3 || calls[1].Model != "own" {
		t.Errorf("calls = %+v", calls)
	}
}

// Without a session the model works, is called as the program called it, and one call is counted once.
func TestModelWithoutASession(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	for _, client := range []*sentrial.Client{nil, rec.Client()} {
		before := rec.Client().Stats().Unsessioned
		w := langchaingo.WrapModel(langchaingo.WrapModel(modelFunc(hello), client), client)
		if got, err := call(rec.Context(t.Context()), w, ""); err != nil || got != "hello" {
			t.Errorf("%q, %v", got, err)
		}
		if _, err := w.GenerateContent(nil, nil, nil...); err != nil { //nolint:staticcheck // a nil context is the model's business
			t.Error(err)
		}
		if got := rec.Client().Stats().Unsessioned - before; client != nil && got != 2 {
			t.Errorf("counted %d times, want twice", got)
		}
	}
}

// The names that langchaingo's providers were made with, and the one of the call.
func TestModelNames(t *testing.T) {
	k := newKit(t, parts{model: true}, func(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "a"} })
	ctx, _ := k.client.CreateSession(t.Context(), "s")
	for _, provider := range []string{"openai", "anthropic", "ollama", "mistral_ai"} {
		m := k.model(t, provider)
		generate(ctx, m)
		_, err := m.GenerateContent(ctx, question, llms.WithModel("other"))
		must(t, err)
		_, err = k.model(t, provider, langchaingo.WithModelName("own")).GenerateContent(ctx, question)
		must(t, err)
	}
	generate(ctx, langchaingo.WrapModel(fake.NewFakeLLM([]string{"a"}), k.client))
	k.rec.WantModels("gpt-4o", "other", "own", "claude-sonnet-4-5", "other", "own", "llama3", "other", "own", "mistral-large", "other", "own", "")
}

func TestMistral(t *testing.T) {
	usage := types.Usage{PromptTokens: 100, CompletionTokens: 10}
	for name, p := range map[string]parts{"handler": {handler: true}, "model": {model: true}, "both": {handler: true, model: true}} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, p, func(fakellm.Request) fakellm.Reply {
				return fakellm.Reply{Text: "a", Usage: usage, Model: "mistral-large-2"}
			})
			ctx, _ := k.client.CreateSession(t.Context(), "s")
			generate(ctx, k.model(t, "mistral_ai"))
			calls := k.rec.LLMCalls()
			if len(calls) != 1 || calls[0].Usage.PromptTokens != 100 || calls[0].Usage.CompletionTokens != 10 || calls[0].Model != "mistral-large-2" {
				t.Errorf("calls = %+v", calls)
			}
		})
	}
}

// What the HTTP client has seen counts for a call whose end nobody tells.
func TestAnEndThatTheTapHasSeen(t *testing.T) {
	k := newKit(t, parts{handler: true, tap: true}, func(req fakellm.Request) fakellm.Reply {
		if req.Model == "none" {
			return fakellm.Reply{Status: 404, Error: "no such model"}
		}
		return fakellm.Reply{Text: "hello", Usage: types.Usage{PromptTokens: 3, CompletionTokens: 1}}
	})
	ctx, _ := k.client.CreateSession(t.Context(), "s")
	generate(ctx, k.model(t, "anthropic"))
	_, _ = k.model(t, "openai").GenerateContent(ctx, question, llms.WithModel("none"))
	calls := k.rec.LLMCalls()
	if len(calls) != 2 {
		t.Fatalf("calls = %+v", calls)
	}
	if c := calls[0]; c.Status != types.StatusSuccess || c.Metadata["end_reported"] != nil || c.Usage.PromptTokens != 3 || c.Model != "claude-sonnet-4-5" {
		t.Errorf("call = %+v", c)
	}
	if c := calls[1]; c.Status != types.StatusError || !strings.Contains(c.Error, "no such model") || c.Attempts != 1 {
		t.Errorf("call = %+v", c)
	}
}

// A helper around a provider that does not tell of the end: the call is the helper's, and over with it.
func TestAnEndInsideTheHelper(t *testing.T) {
	rec, ctx, h := started(t)
	_, err := sentrial.LLM(ctx, types.LLMCall{Model: "own"}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
		generate(ctx, &callingBack{handler: h})
		return "hello", nil
	})
	must(t, err)
	_ = rec.Client().Flush(ctx)
	if calls := rec.LLMCalls(); len(calls) != 1 || calls[0].Response != "hello" || calls[0].Status != types.StatusSuccess {
		t.Errorf("calls = %+v", calls)
	}
}
