package spans

import (
	"cmp"

	"go.opentelemetry.io/otel/attribute"

	"github.com/sentrial/sentrial-go/internal/chatjson"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

func (f *form) beginLLM(c *types.LLMCall) (name string) {
	operation, model := cmp.Or(c.Operation, opChat), cmp.Or(c.RequestModel, c.Model)
	f.text(keyOperation, operation)
	f.text(keyProvider, c.Provider)
	f.text(keyRequestModel, model)
	f.inference(map[bool]string{true: "EMBEDDING", false: "LLM"}[operation == opEmbeddings])
	return joined(operation, model)
}

// llmCall says what is known at the end. What the beginning said is said again: it may have become known meanwhile.
func (f *form) llmCall(c *types.LLMCall) {
	f.text(keyOperation, cmp.Or(c.Operation, opChat))
	f.text(keyProvider, c.Provider)
	f.text(keyRequestModel, cmp.Or(c.RequestModel, c.Model))
	f.text(keyResponseModel, c.Model)
	f.text(keyResponseID, c.ResponseID)
	if c.FinishReason != "" {
		f.texts(keyFinishReasons, []string{c.FinishReason})
	}
	if c.TimeToFirstToken > 0 {
		f.add(attribute.Float64(keyFirstChunk, c.TimeToFirstToken.Seconds()))
	}
	f.parameters(c.Parameters)
	f.text(keyPromptName, c.PromptName)
	f.text(keyPromptVersion, c.PromptVersion)
	f.usage(&c.Usage)
	f.number(keyUsageCost, c.Cost)
	f.number(keyCost, c.Cost)
	f.count(keyAttempts, int64(c.Attempts))
	f.text(keyError, c.Error)
	f.conversation(c)
	f.inferenceOfLLM(c)
}

func (f *form) usage(u *types.Usage) {
	f.count(keyInputTokens, int64(u.PromptTokens))
	f.count(keyOutputTokens, int64(u.CompletionTokens))
	f.count(keyCacheReadTokens, int64(u.CachedTokens))
	f.count(keyCacheWriteTokens, int64(u.CacheWriteTokens))
	f.count(keyReasoningTokens, int64(u.ReasoningTokens))
	f.count(keyTotalTokens, int64(u.TotalTokens))
}

// parameters says what the model was asked for. What an attribute cannot be, and what has a meaning of its own there, is kept apart.
func (f *form) parameters(all map[string]any) {
	var others map[string]any
	for name, v := range all {
		if kv, ok := parameter(name, v); ok {
			f.add(kv)
			continue
		}
		if others == nil {
			others = make(map[string]any)
		}
		others[name] = v
	}
	f.object(keyParameters, others)
}

func parameter(name string, v any) (attribute.KeyValue, bool) {
	key := attribute.Key(keyRequestPrefix + name)
	if key == keyRequestModel || name == "" {
		return attribute.KeyValue{}, false
	}
	switch v := v.(type) {
	case string:
		return key.String(v), true
	case bool:
		return key.Bool(v), true
	case int:
		return key.Int(v), true
	case int64:
		return key.Int64(v), true
	case float64:
		return number(key, v), true
	case []string:
		return key.StringSlice(v), len(v) > 0
	}
	return attribute.KeyValue{}, false
}

// number is an attribute as the conventions have it: whole numbers are integers there, except for the few that are never counts.
func number(key attribute.Key, v float64) attribute.KeyValue {
	switch key {
	case keyRequestPrefix + "temperature", keyRequestPrefix + "top_p", keyRequestPrefix + "top_k",
		keyRequestPrefix + "frequency_penalty", keyRequestPrefix + "presence_penalty":
		return key.Float64(v)
	}
	if whole := int64(v); float64(whole) == v && v > -1<<53 && v < 1<<53 {
		return key.Int64(whole)
	}
	return key.Float64(v)
}

// conversation says what was asked and answered.
func (f *form) conversation(c *types.LLMCall) {
	if !f.hook.Content {
		return
	}
	var plain []string
	if len(c.Messages) > 0 {
		f.messages(c.Messages)
		f.text(keyOwnPrompt, c.Prompt)
	} else if c.Prompt != "" {
		f.text(keyInputMessages, plainMessage("user", c.Prompt, ""))
		plain = append(plain, "prompt")
	}
	if len(c.OutputMessages) > 0 {
		f.text(keyOutputMessages, string(chatjson.AppendMessages(nil, c.OutputMessages)))
		f.text(keyOwnResponse, c.Response)
	} else if c.Response != "" {
		f.text(keyOutputMessages, plainMessage("assistant", c.Response, cmp.Or(c.FinishReason, "stop")))
		plain = append(plain, "response")
	}
	f.texts(keyPlain, plain)
	if len(c.ToolDefinitions) > 0 {
		f.json(keyToolDefinitions, c.ToolDefinitions)
	}
}

// messages keeps a system message that begins a conversation where the conventions want it.
func (f *form) messages(list []types.Message) {
	first := &list[0]
	alone := len(list) == 1 || list[1].Role != "system"
	if first.Role == "system" && first.Name == "" && first.FinishReason == "" && len(first.Parts) > 0 && alone {
		f.text(keySystemInstructions, string(chatjson.AppendParts(nil, first.Parts)))
		list = list[1:]
	}
	if len(list) > 0 {
		f.text(keyInputMessages, string(chatjson.AppendMessages(nil, list)))
	}
}

// plainMessage is the message that a plain text stands for.
func plainMessage(role, text, finish string) string {
	b := append([]byte(`[{"role":"`), role...)
	b = append(b, `","parts":[{"type":"text","content":`...)
	b = jsonenc.AppendString(b, text)
	b = append(b, `}]`...)
	if finish != "" {
		b = append(b, `,"finish_reason":`...)
		b = jsonenc.AppendString(b, finish)
	}
	return string(append(b, `}]`...))
}
