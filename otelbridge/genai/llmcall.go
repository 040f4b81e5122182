package genai

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// llmCall gives the call of a model that the span is.
func (r *reading) llmCall() *LLMCall {
	c := &LLMCall{
		Provider: r.provider(), Operation: r.operation(), ResponseID: r.responseID(), PromptName: r.text(fieldPromptName), PromptVersion: r.text(fieldPromptVersion),
		ToolDefinitions: r.toolDefinitions(), Usage: r.usage(), Cost: r.cost(), TimeToFirstToken: r.firstToken(),
	}
	c.Model, c.RequestModel = r.model()
	if c.RequestModel == c.Model {
		c.RequestModel = ""
	}
	c.Messages, c.OutputMessages = r.inputMessages(), r.outputMessages()
	c.FinishReason = r.finish(c.OutputMessages)
	c.Parameters = r.allParameters()
	return c
}

func (r *reading) operation() string {
	name := r.text(fieldOperation)
	switch {
	case operations[name].inference():
		return name
	case r.kind == kindEmbeddings:
		return "embeddings"
	}
	return "chat"
}

func (r *reading) responseID() string { return r.text(fieldResponseID) }

// model gives the model that answered and the one that was asked for; either may be all there is.
func (r *reading) model() (served, asked string) {
	asked = r.text(fieldRequestModel)
	named := r.text(fieldNamedModel)
	served = cmp.Or(r.text(fieldServedModel), named, asked)
	return served, cmp.Or(asked, named)
}

// firstToken is the time until the first piece of the answer came.
func (r *reading) firstToken() time.Duration {
	switch {
	case r.has(fieldFirstTokenSeconds):
		r.use(fieldFirstTokenSeconds)
		return timesOf(r.get(fieldFirstTokenSeconds).value, time.Second)
	case r.has(fieldFirstTokenMillis):
		r.use(fieldFirstTokenMillis)
		return timesOf(r.get(fieldFirstTokenMillis).value, time.Millisecond)
	case r.has(fieldFirstTokenTime):
		at, err := time.Parse(time.RFC3339Nano, strings.Trim(r.text(fieldFirstTokenTime), `"`))
		if d := at.Sub(r.span.Start); err == nil && d > 0 && d.Seconds() < maxSeconds {
			return d
		}
	}
	return 0
}

func (r *reading) toolDefinitions() json.RawMessage {
	v := r.any(fieldToolDefinitions)
	if v == nil {
		return nil
	}
	var list []json.RawMessage
	switch v := v.(type) { // a list of objects, each as a text
	case []string:
		for _, s := range v {
			list = append(list, jsonOf(spelled(s)))
		}
	case []any:
		for _, item := range v {
			list = append(list, jsonOf(spelled(item)))
		}
	default:
		return jsonOf(v)
	}
	return jsonOf(list)
}

// inputMessages is the conversation that the model was sent, system instructions first.
func (r *reading) inputMessages() []Message {
	list := slices.Clone(r.input)
	if len(list) == 0 {
		list = conversation(r.content(fieldInputMessages, fieldInput), "user")
	}
	if system := r.content(fieldSystem); system != nil && !slices.ContainsFunc(list, func(m Message) bool { return m.Role == "system" }) {
		list = append(instructions(system), list...)
	}
	return list
}

// outputMessages is what the model answered.
func (r *reading) outputMessages() []Message { return r.read.answer.get(r.readAnswer) }

func (r *reading) readAnswer() []Message {
	if len(r.answer) > 0 {
		return r.answer
	}
	if v := r.content(fieldOutputMessages); v != nil {
		return conversation(v, "assistant")
	}
	if list := r.answerInPieces(); len(list) > 0 {
		return list
	}
	return conversation(r.content(fieldOutput), "assistant")
}

// answerInPieces puts an answer together whose text, reasoning, calls and object are attributes of their own.
func (r *reading) answerInPieces() []Message {
	var parts []Part
	if s := r.text(fieldReasoning); s != "" {
		parts = append(parts, reasoningParts(s)...)
	}
	if s := r.text(fieldOutputText); s != "" {
		parts = append(parts, Part{Type: "text", Content: s})
	}
	parts = append(parts, toolCallsOf(structured(r.content(fieldOutputCalls)), parts)...)
	if v := r.content(fieldOutputObject); v != nil && !r.has(fieldOutputText) {
		parts = append(parts, Part{Type: "text", Content: textOf(v)})
	}
	if len(parts) == 0 {
		return nil
	}
	return []Message{{Role: "assistant", Parts: parts}}
}

// reasoningParts reads reasoning that is a text, or a list of parts in JSON.
func reasoningParts(s string) (parts []Part) {
	for _, item := range listIn(structured(s)) {
		if text, ok := textMember(objectIn(item), "text", "content", "reasoning", "thinking"); ok {
			parts = append(parts, Part{Type: "reasoning", Content: text})
		}
	}
	if len(parts) == 0 {
		parts = []Part{{Type: "reasoning", Content: s}}
	}
	return parts
}

// finish is the reason of the first choice.
func (r *reading) finish(output []Message) string {
	reasons := r.finishReasons()
	if len(reasons) > 0 {
		r.use(fieldFinishReasons)
		return reasons[0]
	}
	for _, m := range output {
		if m.FinishReason != "" {
			return m.FinishReason
		}
	}
	return ""
}
