package fakellm

import "encoding/json"

// chatChunks writes the chunks of one stream.
type chatChunks struct {
	*exchange
	*stream
	usage bool // the client asked for it
}

func streamOpenAIChat(e *exchange, s *stream) {
	c := chatChunks{e, s, wantsUsage(e.Body)}
	c.event("", c.chunk(object{"role": "assistant", "content": "", "refusal": nil}, nil))
	for _, piece := range pieces(e.Reasoning, e.Pieces) {
		c.piece("", c.chunk(object{"reasoning_content": piece}, nil))
	}
	for _, piece := range pieces(e.Text, e.Pieces) {
		c.piece("", c.chunk(object{"content": piece}, nil))
	}
	for i, call := range e.ToolCalls {
		c.call(i, call)
	}
	c.event("", c.chunk(object{}, openaiFinish(e.FinishReason)))
	if c.usage {
		c.event("", e.openaiCompletion("chat.completion.chunk", object{"choices": []any{}, "usage": openaiUsage(e.Usage)}))
	}
	s.add("", []byte("[DONE]"), false)
}

// wantsUsage: without stream_options.include_usage a stream has none.
func wantsUsage(body []byte) bool {
	var asked struct {
		Options struct {
			Usage bool `json:"include_usage"`
		} `json:"stream_options"`
	}
	return json.Unmarshal(body, &asked) == nil && asked.Options.Usage
}

func (c chatChunks) chunk(delta object, finish any) object {
	members := object{"choices": []any{object{"index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish}}}
	if c.usage {
		members["usage"] = nil
	}
	return c.openaiCompletion("chat.completion.chunk", members)
}

// call sends the name first and then the arguments, cut at a place of no meaning.
func (c chatChunks) call(index int, call ToolCall) {
	c.piece("", c.callChunk(object{
		"index": index, "id": call.ID, "type": "function", "function": object{"name": call.Name, "arguments": ""},
	}))
	for _, piece := range pieces(call.arguments(), 2) {
		c.piece("", c.callChunk(object{"index": index, "function": object{"arguments": piece}}))
	}
}

func (c chatChunks) callChunk(call object) object {
	return c.chunk(object{"tool_calls": []any{call}}, nil)
}
