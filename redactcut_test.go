package sentrial_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestRedactorSeesTheWholeText: it comes before anything is cut for size. The text is all canaries, so wherever a cut comes before it, a part of one is left.
func TestRedactorSeesTheWholeText(t *testing.T) {
	huge, text := strings.Repeat(canary, 3<<20/len(canary)), strings.Repeat(canary, 5<<18/len(canary))
	message := []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: text}}}}
	for name, record := range map[string]func(context.Context, *sentrial.Client, *sentrial.Session) string{
		"prompt": func(ctx context.Context, _ *sentrial.Client, s *sentrial.Session) string {
			return s.TrackLLMCall(ctx, types.LLMCall{Model: "m", Prompt: huge})
		},
		"message": func(ctx context.Context, _ *sentrial.Client, s *sentrial.Session) string {
			return s.TrackLLMCall(ctx, types.LLMCall{Model: "m", Messages: message})
		},
		"value": func(ctx context.Context, _ *sentrial.Client, s *sentrial.Session) string {
			return s.TrackToolCall(ctx, types.ToolCall{ToolName: "x", ToolOutput: text})
		},
		"error": func(ctx context.Context, _ *sentrial.Client, s *sentrial.Session) string {
			return s.TrackStep(ctx, types.Step{Name: "x", Error: text})
		},
		"span": func(ctx context.Context, _ *sentrial.Client, s *sentrial.Session) string {
			_, span := sentrial.StartLLM(s.Context(ctx), types.LLMCall{Model: "m", Prompt: text})
			span.End(nil)
			return span.ID()
		},
		"imported": func(ctx context.Context, client *sentrial.Client, _ *sentrial.Session) string {
			return client.Record(ctx, types.Event{SessionID: "s", LLMCall: &types.LLMCall{Model: "m", Prompt: text}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := &wire{}
			longest := 0
			client := newClient(t, server, sentrial.WithRedactor(redactFunc(func(_ context.Context, e *types.Event) error {
				changeText(e, func(seen string) string {
					longest = max(longest, len(seen))
					return strings.ReplaceAll(seen, canary, "[gone]")
				})
				return nil
			})))
			e := server.event(t, client, record(t.Context(), client, client.Session("s")))
			want := len(text)
			if name == "prompt" {
				want = len(huge)
			}
			if longest != want {
				t.Errorf("the redactor saw %d bytes of %d", longest, want)
			}
			arrived := strings.Join(slices.Collect(maps.Values(e)), "")
			if len(arrived) > sentrial.MaxEventBytes || !strings.Contains(arrived, "truncated") || strings.Contains(arrived, canary[:2]) {
				t.Errorf("%d bytes arrived, cut: %t, with a part of a canary: %t", len(arrived), strings.Contains(arrived, "truncated"), strings.Contains(arrived, canary[:2]))
			}
		})
	}
}

// TestCutAfterARedactor: the memory that an uncut event of one client was made in is used again by others, which cut.
func TestCutAfterARedactor(t *testing.T) {
	redacts := newClient(t, &wire{}, sentrial.WithRedactor(keepAll{}))
	server := &wire{}
	client := newClient(t, server)
	redacts.Session("s").TrackStep(t.Context(), types.Step{Name: "short"})
	id := client.Session("s").TrackStep(t.Context(), types.Step{Name: "x", Error: strings.Repeat("long ", 1<<18)})
	if n := len(server.event(t, client, id)["error"]); n > sentrial.MaxEventBytes {
		t.Errorf("%d bytes arrived", n)
	}
}

// changeText changes the long text of an event.
func changeText(e *types.Event, change func(string) string) {
	switch c := e.LLMCall; {
	case e.ToolCall != nil:
		text, _ := e.ToolCall.ToolOutput.(string)
		e.ToolCall.ToolOutput = change(text)
	case e.Step != nil:
		e.Step.Error = change(e.Step.Error)
	case c != nil && len(c.Messages) > 0:
		c.Messages[0].Parts[0].Content = change(c.Messages[0].Parts[0].Content)
	case c != nil:
		c.Prompt = change(c.Prompt)
	}
}
