// Package chat speaks the OpenAI chat completions wire: the part of it that an agent with tools needs, on both sides.
package chat

import (
	"encoding/json"
	"fmt"
)

// Finish reasons of a Choice.
const (
	FinishStop      = "stop"       // the message is the answer
	FinishToolCalls = "tool_calls" // the message asks for tools
)

// Request is the body of POST {base}/chat/completions.
type Request struct {
	Model         string         `json:"model"`
	Messages      []Message      `json:"messages"`
	Tools         []Tool         `json:"tools,omitempty"`
	Temperature   *float64       `json:"temperature,omitempty"`
	Stream        bool           `json:"stream,omitempty"`
	StreamOptions *StreamOptions `json:"stream_options,omitempty"`
}

// StreamOptions asks for a last chunk with the usage, which a stream otherwise lacks.
type StreamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

// Message is one entry of the conversation: of the system, the user, the assistant (which may ask for tools) or a tool.
type Message struct {
	Role       string     `json:"role"`
	Content    Text       `json:"content"`
	ToolCalls  []ToolCall `json:"tool_calls,omitempty"`   // role assistant
	ToolCallID string     `json:"tool_call_id,omitempty"` // role tool: the call this answers
}

// Text is the content of a message. It reads null as empty and an array of parts as their texts joined.
type Text string

// UnmarshalJSON reads a string, null, or an array of {"type":"text","text":…} parts; parts of other types are left out.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '[' {
		return json.Unmarshal(data, (*string)(t))
	}
	var parts []struct{ Text string }
	if err := json.Unmarshal(data, &parts); err != nil {
		return fmt.Errorf("content: want a string or an array of text parts: %w", err)
	}
	*t = ""
	for _, part := range parts {
		*t += Text(part.Text)
	}
	return nil
}

// ToolCall is the model asking for a tool.
type ToolCall struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"` // function
	Function Function `json:"function"`
}

// Function names the tool and carries its arguments as the model wrote them, which need not be valid JSON.
type Function struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// Tool tells the model what it may ask for.
type Tool struct {
	Type     string     `json:"type"` // function
	Function Definition `json:"function"`
}

// Definition is the name, the purpose and the JSON Schema of the arguments of a tool.
type Definition struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"`
}

// Response is the answer to a Request that does not stream.
type Response struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"` // chat.completion
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []Choice `json:"choices"`
	Usage   Usage    `json:"usage"`
}

// Choice is one answer of the model; ours always asks for one.
type Choice struct {
	Index        int     `json:"index"`
	Message      Message `json:"message"`
	FinishReason string  `json:"finish_reason"`
}

// Usage counts the tokens that the model read and wrote, by its own tokenizer.
type Usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`

	PromptTokensDetails struct {
		CachedTokens int `json:"cached_tokens"`
	} `json:"prompt_tokens_details,omitzero"`
	CompletionTokensDetails struct {
		ReasoningTokens int `json:"reasoning_tokens"`
	} `json:"completion_tokens_details,omitzero"`
}

// Chunk is one `data:` event of a streamed answer.
type Chunk struct {
	ID      string        `json:"id"`
	Object  string        `json:"object"` // chat.completion.chunk
	Created int64         `json:"created"`
	Model   string        `json:"model"`
	Choices []ChunkChoice `json:"choices"`
	Usage   *Usage        `json:"usage,omitempty"` // in the last chunk, when asked for
}

// ChunkChoice is what a chunk adds to the answer.
type ChunkChoice struct {
	Index        int     `json:"index"`
	Delta        Delta   `json:"delta"`
	FinishReason *string `json:"finish_reason"`
}

// Delta is a piece of a message.
type Delta struct {
	Role      string          `json:"role,omitempty"`
	Content   string          `json:"content,omitempty"`
	ToolCalls []ToolCallDelta `json:"tool_calls,omitempty"`
}

// ToolCallDelta is a ToolCall with its place among the calls of the message.
type ToolCallDelta struct {
	Index int `json:"index"`
	ToolCall
}

// Failure is the body of an answer that is none.
type Failure struct {
	Error struct {
		Message string `json:"message"`
		Type    string `json:"type"`
	} `json:"error"`
}
