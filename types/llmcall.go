package types

import (
	"encoding/json"
	"time"
)

// LLMCall is one call of a model. It travels as llm_call. The conversation is either plain text (Prompt, Response) or messages (Messages,
// OutputMessages); names and values follow OpenTelemetry's GenAI conventions.
type LLMCall struct {
	Model            string          // model: the model that answered
	RequestModel     string          // request_model: the model asked for, where it differs
	Provider         string          // provider: OpenTelemetry's gen_ai.provider.name, such as openai or aws.bedrock
	Operation        string          // operation: "" = chat; embeddings, text_completion, ...
	ResponseID       string          // response_id: the provider's id of the answer
	Prompt           string          // prompt: plain text, or leave it empty and use Messages
	Response         string          // response: plain text, or leave it empty and use OutputMessages
	Messages         []Message       // messages: system, history and question
	OutputMessages   []Message       // output_messages: what the model answered
	ToolDefinitions  json.RawMessage // tool_definitions: the tools offered, in the provider's own JSON
	Parameters       map[string]any  // parameters: temperature, max_tokens, ...
	PromptName       string          // prompt_name: name of the prompt template
	PromptVersion    string          // prompt_version
	Usage            Usage           // flat: prompt_tokens, completion_tokens, ...
	Cost             *float64        // cost: USD; nil = computed from the price table, or unknown
	FinishReason     string          // finish_reason: stop, length, tool_call, content_filter, error, ...
	Attempts         int             // attempts: how often the request was sent; 0 = not counted
	StartTime        time.Time       // timestamp
	Duration         time.Duration   // duration_ms
	TimeToFirstToken time.Duration   // time_to_first_token_ms: 0 = not measured
	Status           Status          // status: "" = success, or error when Error is set
	Error            string          // error: what went wrong; "" = nothing
	Metadata         map[string]any  // metadata
}

func (c *LLMCall) fields() []field {
	fields := []field{
		{name: "model", value: &c.Model},
		{name: "request_model", value: &c.RequestModel},
		{name: "provider", value: &c.Provider},
		{name: "operation", value: &c.Operation},
		{name: "response_id", value: &c.ResponseID},
		{name: "prompt", value: &c.Prompt},
		{name: "response", value: &c.Response},
		{name: "messages", value: &c.Messages},
		{name: "output_messages", value: &c.OutputMessages},
		{name: "tool_definitions", value: &c.ToolDefinitions},
		{name: "parameters", value: &c.Parameters},
		{name: "prompt_name", value: &c.PromptName},
		{name: "prompt_version", value: &c.PromptVersion},
	}
	fields = append(fields, c.Usage.fields()...)
	return append(fields,
		field{name: "cost", value: &c.Cost},
		field{name: "finish_reason", value: &c.FinishReason},
		field{name: "attempts", value: &c.Attempts},
		field{name: "time_to_first_token_ms", value: &c.TimeToFirstToken},
		field{name: "error", value: &c.Error},
	)
}

func (c *LLMCall) shared() shared {
	return shared{start: &c.StartTime, duration: &c.Duration, status: &c.Status, metadata: &c.Metadata}
}
