package genai

import (
	"cmp"
	"encoding/json"
	"maps"
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

// text gives a field as a text, and notes that it is used.
func (r *reading) text(f field) string {
	if !r.has(f) {
		return ""
	}
	r.use(f)
	if f.content() {
		return textOf(r.get(f).value)
	}
	return wordOf(r.get(f).value)
}

// any gives a field with its structure, and notes that it is used.
func (r *reading) any(f field) any {
	if !r.has(f) {
		return nil
	}
	r.use(f)
	return spelled(r.get(f).value)
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

// content gives the first field that is there.
func (r *reading) content(fields ...field) any {
	for _, f := range fields {
		if r.has(f) {
			r.use(f)
			return r.get(f).value
		}
	}
	return nil
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

// allParameters are what the caller asked for beside the model, under the names of gen_ai.request.*.
func (r *reading) allParameters() map[string]any {
	if !r.has(fieldParameters) && !r.has(fieldOutputType) && !r.has(fieldDimensions) {
		return r.parameters
	}
	all := maps.Clone(r.parameters)
	members := objectIn(structured(r.content(fieldParameters)))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if name := parameterName(key); name != "" && all[name] == nil && !emptyJSON(members[key]) {
			all = with(all, name, value(members[key]))
		}
	}
	if v := r.content(fieldOutputType); v != nil {
		all = with(all, "output_type", v)
	}
	if v := r.content(fieldDimensions); v != nil {
		all = with(all, "dimensions", v)
	}
	return all
}

// parameterName gives the conventions' name of a parameter; "" for what is none, such as the messages that some put among them.
func parameterName(name string) string {
	switch name {
	case "maxTokens", "maxOutputTokens", "max_output_tokens", "max_completion_tokens", "max_tokens_to_sample", "ls_max_tokens":
		return "max_tokens"
	case "topP":
		return "top_p"
	case "topK":
		return "top_k"
	case "stop", "stopSequences", "stop_sequence", "ls_stop":
		return "stop_sequences"
	case "frequencyPenalty":
		return "frequency_penalty"
	case "presencePenalty":
		return "presence_penalty"
	case "ls_temperature":
		return "temperature"
	case "toolChoice":
		return "tool_choice"
	case "is_streaming", "streaming":
		return "stream"
	case "n":
		return "choice.count"
	case "model", "model_name", "modelId", "model_id", "_type", "config":
		return ""
	case "messages", "message", "tools", "functions", "input", "inputs", "inputText", "prompt", "system", "system_prompt", "contents", "instructions", "systemInstruction",
		"system_instruction", "preamble", "chat_history", "documents", "texts", "query", "prediction":
		return "" // what was said
	}
	if secret(name) || strings.HasSuffix(strings.ToLower(name), "headers") {
		return ""
	}
	return name
}

// toolCall gives the call of a tool that the span is.
func (r *reading) toolCall() *ToolCall {
	t := &ToolCall{
		Name: r.toolName(), CallID: r.callID(), Input: r.toolValue(fieldToolInput, fieldInput), Output: r.toolValue(fieldToolOutput, fieldOutput),
		Reasoning: r.text(fieldDecisionReasoning),
	}
	if t.Input == nil && r.kind == kindRetrieval {
		t.Input = r.said()
	}
	return t
}

func (r *reading) callID() string { return r.text(fieldToolCallID) }

func (r *reading) toolName() string {
	name := cmp.Or(r.text(fieldToolName), r.text(fieldEntityName))
	if name == "" {
		name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(r.span.Name, "execute_tool "), "tools/call "), ".tool")
	}
	return name
}

// toolValue gives what went into a tool or came out of it.
func (r *reading) toolValue(fields ...field) any {
	v := r.content(fields...)
	raw := structured(v)
	if raw == nil {
		raw, _ = spelled(v).(json.RawMessage) // a number or a text in JSON
	}
	if raw == nil {
		return spelled(v)
	}
	return value(unwrapped(raw))
}

// decision gives the choice that the span is.
func (r *reading) decision() *Decision {
	d := &Decision{
		Reasoning: cmp.Or(r.text(fieldDecisionReasoning), r.text(fieldReasoning)), Chosen: r.text(fieldDecisionChosen),
		Alternatives: textsOf(r.content(fieldDecisionAlternatives)),
	}
	if f, ok := numberOf(r.content(fieldDecisionConfidence)); ok {
		d.Confidence = &f
	}
	if d.Reasoning == "" {
		d.Reasoning = plainText(conversation(r.content(fieldOutputMessages, fieldOutput), "assistant"))
	}
	return d
}

// feedback gives the result of an evaluation.
func (r *reading) feedback() *Feedback {
	f := &Feedback{Name: cmp.Or(r.text(fieldEvaluationName), r.span.Name), Label: r.text(fieldEvaluationLabel), Comment: r.text(fieldEvaluationExplanation)}
	if score, ok := numberOf(r.content(fieldEvaluationScore)); ok {
		f.Score = &score
	}
	return f
}

// step gives what a span is that calls neither a model nor a tool.
func (r *reading) step() *Step {
	s := &Step{Name: r.span.Name, Kind: r.kind.String()}
	switch r.kind {
	case kindAgent:
		s.Name = cmp.Or(r.text(fieldAgentName), r.span.Name)
	case kindChain, kindWorkflow:
		s.Name = cmp.Or(r.text(fieldEntityName), r.span.Name)
	case kindOther:
		s.Kind = "step"
	}
	if r.kind != kindOther { // what is outside GenAI keeps to itself
		s.Input, s.Output = r.said(), r.output()
	}
	return s
}
