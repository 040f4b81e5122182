package fakellm

// responseEvents writes the events of one stream; they are numbered, and so are the items of the answer.
type responseEvents struct {
	*exchange
	*stream
	sequence int
	index    int // of the item
}

func streamResponses(e *exchange, s *stream) {
	r := &responseEvents{exchange: e, stream: s}
	r.send("response.created", object{"response": e.response("in_progress", []any{})})
	r.send("response.in_progress", object{"response": e.response("in_progress", []any{})})
	if e.Reasoning != "" {
		r.reasoning()
	}
	if e.Text != "" {
		r.message()
	}
	for i, call := range e.ToolCalls {
		r.call(i, call)
	}
	status := e.responsesStatus()
	r.send("response."+status, object{"response": e.response(status, e.responsesItems())})
}

// brokenResponses ends a stream with the error, and with the response that failed.
func brokenResponses(e *exchange, s *stream) {
	r := &responseEvents{exchange: e, stream: s, sequence: 100} // where a stream is cut is not counted
	r.send("error", object{"code": "server_error", "message": e.Error, "param": nil})
	failed := e.response("failed", []any{})
	failed["error"] = object{"code": "server_error", "message": e.Error}
	r.send("response.failed", object{"response": failed})
}

func (r *responseEvents) send(name string, members object) {
	r.event(name, r.numbered(name, members))
}

func (r *responseEvents) delta(name string, members object) {
	r.piece(name, r.numbered(name, members))
}

func (r *responseEvents) numbered(name string, members object) object {
	members["type"], members["sequence_number"] = name, r.sequence
	r.sequence++
	return members
}

// item sends an item that begins as begun and is whole as done, with what is between.
func (r *responseEvents) item(begun, done object, between func(id any)) {
	r.send("response.output_item.added", object{"output_index": r.index, "item": begun})
	between(begun["id"])
	r.send("response.output_item.done", object{"output_index": r.index, "item": done})
	r.index++
}

func (r *responseEvents) reasoning() {
	begun, done := r.reasoningItem([]any{}), r.reasoningItem([]any{summaryText(r.Reasoning)})
	r.item(begun, done, func(id any) {
		at := func(members object) object { return r.at(id, "summary_index", members) }
		r.send("response.reasoning_summary_part.added", at(object{"part": summaryText("")}))
		for _, piece := range pieces(r.Reasoning, r.Pieces) {
			r.delta("response.reasoning_summary_text.delta", at(object{"delta": piece}))
		}
		r.send("response.reasoning_summary_text.done", at(object{"text": r.Reasoning}))
		r.send("response.reasoning_summary_part.done", at(object{"part": summaryText(r.Reasoning)}))
	})
}

func (r *responseEvents) message() {
	begun, done := r.messageItem("in_progress", []any{}), r.messageItem("completed", []any{outputText(r.Text)})
	r.item(begun, done, func(id any) {
		at := func(members object) object { return r.at(id, "content_index", members) }
		r.send("response.content_part.added", at(object{"part": outputText("")}))
		for _, piece := range pieces(r.Text, r.Pieces) {
			r.delta("response.output_text.delta", at(object{"delta": piece, "logprobs": []any{}}))
		}
		r.send("response.output_text.done", at(object{"text": r.Text, "logprobs": []any{}}))
		r.send("response.content_part.done", at(object{"part": outputText(r.Text)}))
	})
}

func (r *responseEvents) call(index int, call ToolCall) {
	arguments := call.arguments()
	r.item(r.callItem(index, call, "in_progress", ""), r.callItem(index, call, "completed", arguments), func(id any) {
		for _, piece := range pieces(arguments, 2) {
			r.delta("response.function_call_arguments.delta", r.at(id, "", object{"delta": piece}))
		}
		r.send("response.function_call_arguments.done", r.at(id, "", object{"arguments": arguments, "name": call.Name}))
	})
}

// at adds the place in the answer; part names the index of the part, of which every item here has one.
func (r *responseEvents) at(id any, part string, members object) object {
	members["item_id"], members["output_index"] = id, r.index
	if part != "" {
		members[part] = 0
	}
	return members
}
