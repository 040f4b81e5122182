package otelbridge

import (
	"cmp"

	"github.com/sentrial/sentrial-go/types"
)

// llmCall reads a span of one call of a model.
func (s *span) llmCall() types.Event {
	a := &s.attrs
	c := &types.LLMCall{
		Provider:         a.text(keyProvider),
		Operation:        a.text(keyOperation),
		ResponseID:       a.text(keyResponseID),
		PromptName:       a.text(keyPromptName),
		ToolDefinitions:  toJSON(a.json(keyToolDefinitions)),
		Usage:            a.usage(),
		TimeToFirstToken: a.seconds(keyFirstChunk),
		Error:            s.errorText(),
	}
	c.Model, c.RequestModel = a.model()
	c.Messages = append(a.systemMessage(), a.messages(keyInputMessages, "user")...)
	c.OutputMessages = a.messages(keyOutputMessages, "assistant")
	c.FinishReason = a.finishReason(c.OutputMessages)
	c.Parameters = a.parameters()
	e := s.timed(types.EventLLMCall)
	e.LLMCall = c
	s.keepRest(&e)
	return e
}

// usage takes the total for the sum of input and output, which hold the other classes.
func (a *attributes) usage() types.Usage {
	u := types.Usage{
		PromptTokens:     a.count(keyInputTokens),
		CompletionTokens: a.count(keyOutputTokens),
		CachedTokens:     a.count(keyCacheReadTokens),
		CacheWriteTokens: a.count(keyCacheWriteTokens),
		ReasoningTokens:  a.count(keyReasoningTokens),
	}
	u.TotalTokens = u.PromptTokens + u.CompletionTokens
	return u
}

// finishReason is that of the first choice.
func (a *attributes) finishReason(output []types.Message) string {
	if reasons := a.texts(keyFinishReasons); len(reasons) > 0 && reasons[0] != "" {
		return reasons[0]
	}
	for _, m := range output {
		if m.FinishReason != "" {
			return m.FinishReason
		}
	}
	return ""
}

// parameters are what the caller asked for beside the model, under the names of the conventions: temperature, top_p, max_tokens, stop_sequences, ...
func (a *attributes) parameters() map[string]any {
	p := a.under(keyRequestPrefix)
	for name, key := range map[string]string{"output_type": keyOutputType, "dimensions": keyDimensionCount} {
		if v := a.value(key); v != nil {
			p[name] = v
		}
	}
	if len(p) == 0 {
		return nil
	}
	return p
}

// model gives the model that answered and, where it differs, the one asked for.
func (a *attributes) model() (served, asked string) {
	asked = a.text(keyRequestModel)
	served = cmp.Or(a.text(keyResponseModel), asked)
	if served == asked {
		asked = ""
	}
	return served, asked
}
