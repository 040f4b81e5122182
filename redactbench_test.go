package sentrial_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// foundPages is a result as tools have one that are written in Go.
type foundPages struct {
	Query string      `json:"query"`
	Pages []foundPage `json:"pages"`
}

type foundPage struct {
	Title string   `json:"title"`
	Score float64  `json:"score"`
	Tags  []string `json:"tags,omitempty"`
}

func newFoundPages(w *workload) (found foundPages) {
	for i := range 10 {
		found.Pages = append(found.Pages, foundPage{Title: w.tools[i].Reasoning, Score: float64(i) / 10, Tags: []string{"a", "b"}})
	}
	return found
}

// newConversation has 20 messages of 200 bytes, among them a call of a tool and its response.
func newConversation(w *workload) (messages []types.Message) {
	for i := range 18 {
		messages = append(messages, types.Message{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: w.llms[i].Prompt[:200]}}})
	}
	return append(messages, toolMessages(w.tools[0].ToolInput, w.tools[0].ToolOutput)...)
}

// redacted are ways to record that a redactor sees.
var redacted = map[string]func(*workload) func(context.Context, *sentrial.Session){
	"structs": func(w *workload) func(context.Context, *sentrial.Session) {
		call := types.ToolCall{ToolName: "search", ToolInput: map[string]any{"q": "x"}, ToolOutput: newFoundPages(w)}
		return func(ctx context.Context, s *sentrial.Session) { s.TrackToolCall(ctx, call) }
	},
	"messages": func(w *workload) func(context.Context, *sentrial.Session) {
		call := types.LLMCall{Model: "m", Messages: newConversation(w), Parameters: map[string]any{"temperature": 0.5}}
		return func(ctx context.Context, s *sentrial.Session) { s.TrackLLMCall(ctx, call) }
	},
	"metadata": func(*workload) func(context.Context, *sentrial.Session) {
		step := types.Step{Name: "s", Metadata: map[string]any{"region": "eu", "tries": 3, "tags": []string{"a", "b"}}}
		return func(ctx context.Context, s *sentrial.Session) { s.TrackStep(ctx, step) }
	},
	"span": func(w *workload) func(context.Context, *sentrial.Session) {
		search := sentrial.WrapTool("search", func(_ context.Context, in map[string]any) (map[string]any, error) { return in, nil })
		in := w.tools[0].ToolInput.(map[string]any)
		return func(ctx context.Context, _ *sentrial.Session) { _, _ = search(ctx, in) }
	},
}

func BenchmarkRedacted(b *testing.B) {
	w := newWorkload()
	for name, make := range redacted {
		for _, v := range variants {
			if v.name == "otel" {
				continue
			}
			b.Run(fmt.Sprint(name, "/", v.name), func(b *testing.B) {
				ctx, session := benchClient(b, v.opts...).CreateSession(b.Context(), "bench")
				track := make(w)
				b.ReportAllocs()
				for b.Loop() {
					track(ctx, session)
				}
			})
		}
	}
}
