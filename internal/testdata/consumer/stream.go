package consumer

import (
	"context"
	"iter"
	"strings"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// Stream hands a model's answer on while it arrives; the call is recorded when the stream ends, however it ends.
func Stream(ctx context.Context, prompt string, chunks iter.Seq2[string, error], show func(string)) (err error) {
	_, call := sentrial.StartLLM(ctx, types.LLMCall{Model: "small", Provider: "example", Prompt: prompt}, sentrial.WithCost(0.002))
	defer func() { call.End(err) }()
	var answer strings.Builder
	for chunk, err := range chunks {
		if err != nil {
			return err
		}
		call.FirstToken()
		answer.WriteString(chunk)
		show(chunk)
	}
	call.Response = answer.String()
	call.Usage.CompletionTokens = len(strings.Fields(call.Response))
	return nil
}

// Callbacks is how middleware with a begin and an end hook records: a step around a tool.
func Callbacks(ctx context.Context, done func(stepID, toolID string)) {
	ctx, step := sentrial.StartStep(ctx, types.Step{Name: "plan", Kind: "plan", Input: "question"})
	_, tool := sentrial.StartTool(ctx, types.ToolCall{ToolName: "calculator", ToolInput: map[string]any{"expression": "6*7"}}, sentrial.WithCallID("c1"))
	tool.ToolOutput = 42
	tool.End(nil)
	step.Output = "42"
	step.End(nil)
	done(step.ID(), tool.ID())
}
