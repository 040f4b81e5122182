package fakellm

// anthropicEvents writes the events of one stream; the blocks of the answer are numbered.
type anthropicEvents struct {
	*exchange
	*stream
	index int
}

func streamAnthropic(e *exchange, s *stream) {
	a := &anthropicEvents{exchange: e, stream: s}
	begun := anthropicUsage(e.Usage)
	begun["output_tokens"] = 1
	a.send("message_start", object{"message": e.anthropicMessage([]any{}, nil, begun)})
	if e.Reasoning != "" {
		a.thinking()
	}
	if e.Text != "" {
		a.block(object{"type": "text", "text": ""}, func() { a.deltas("text", pieces(e.Text, e.Pieces)) })
	}
	for _, call := range e.ToolCalls {
		a.call(call)
	}
	a.send("message_delta", object{
		"delta": object{"stop_reason": anthropicStop(e.FinishReason), "stop_sequence": nil},
		"usage": object{"output_tokens": e.Usage.CompletionTokens},
	})
	a.send("message_stop", object{})
}

func (a *anthropicEvents) send(name string, members object) {
	members["type"] = name
	a.event(name, members)
}

func (a *anthropicEvents) block(begun object, between func()) {
	a.send("content_block_start", object{"index": a.index, "content_block": begun})
	if a.index == 0 {
		a.send("ping", object{})
	}
	between()
	a.send("content_block_stop", object{"index": a.index})
	a.index++
}

// deltas sends pieces of kind text, thinking or partial_json.
func (a *anthropicEvents) deltas(kind string, cut []string) {
	name := kind + "_delta"
	if kind == "partial_json" {
		name = "input_json_delta"
	}
	for _, piece := range cut {
		a.piece("content_block_delta", a.delta(object{"type": name, kind: piece}))
	}
}

func (a *anthropicEvents) delta(delta object) object {
	return object{"type": "content_block_delta", "index": a.index, "delta": delta}
}

func (a *anthropicEvents) thinking() {
	a.block(object{"type": "thinking", "thinking": "", "signature": ""}, func() {
		a.deltas("thinking", pieces(a.Reasoning, a.Pieces))
		a.event("content_block_delta", a.delta(object{"type": "signature_delta", "signature": signature}))
	})
}

// call begins with an empty piece of arguments, as the real stream does.
func (a *anthropicEvents) call(call ToolCall) {
	a.block(object{"type": "tool_use", "id": call.ID, "name": call.Name, "input": object{}}, func() {
		a.deltas("partial_json", append([]string{""}, pieces(call.arguments(), 2)...))
	})
}
