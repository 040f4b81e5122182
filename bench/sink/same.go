package sink

import (
	"encoding/json"
	"fmt"

	"github.com/sentrial/sentrial-go/bench/work"
	"github.com/sentrial/sentrial-go/types"
)

// differ says which field is not what it should be.
func differ(e *types.Event, fields ...[3]any) error {
	for _, f := range fields {
		if got, want := canonical(f[1]), canonical(f[2]); got != want {
			return fmt.Errorf("event %s: %s = %s, want %s", e.ID, f[0], got, want)
		}
	}
	return nil
}

// canonical is a value as JSON with sorted keys.
func canonical(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func sameTool(e *types.Event, want *work.Tool) error {
	got := e.ToolCall
	return differ(e,
		[3]any{"type", e.Type, types.EventToolCall}, [3]any{"status", e.Status, types.StatusSuccess}, [3]any{"duration", e.Duration, want.Duration},
		[3]any{"tool_name", got.ToolName, want.Name}, [3]any{"tool_input", got.ToolInput, want.Input}, [3]any{"tool_output", got.ToolOutput, want.Output},
		[3]any{"reasoning", got.Reasoning, want.Reasoning})
}

func sameLLM(e *types.Event, want *work.LLM) error {
	got := e.LLMCall
	return differ(e,
		[3]any{"type", e.Type, types.EventLLMCall}, [3]any{"status", e.Status, types.StatusSuccess}, [3]any{"duration", e.Duration, want.Duration},
		[3]any{"model", got.Model, want.Model}, [3]any{"prompt", got.Prompt, want.Prompt}, [3]any{"response", got.Response, want.Response},
		[3]any{"prompt_tokens", got.Usage.PromptTokens, want.PromptTokens}, [3]any{"completion_tokens", got.Usage.CompletionTokens, want.CompletionTokens},
		[3]any{"tokens_used", got.Usage.TotalTokens, want.TotalTokens}, [3]any{"cost", got.Cost, want.Cost})
}
