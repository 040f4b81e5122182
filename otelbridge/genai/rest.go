package genai

import (
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
)

// content tells whether a field may hold what somebody said.
func (f field) content() bool {
	switch f {
	case fieldSystem, fieldInputMessages, fieldOutputMessages, fieldOutputText, fieldOutputObject, fieldOutputCalls, fieldReasoning, fieldToolDefinitions,
		fieldInput, fieldOutput, fieldToolInput, fieldToolOutput, fieldDecisionReasoning, fieldDecisionChosen, fieldDecisionAlternatives,
		fieldEvaluationExplanation, fieldErrorMessage, fieldErrorStack, fieldProviderMetadata, fieldSessionName, fieldParameters:
		return true
	}
	return false
}

// rest gives what found no place in what was made of the span: facts, and what may be content. Of a span outside GenAI nothing is kept: its attributes are the
// program's, not the agent's. What is given is forgotten here.
func (r *reading) rest() (metadata, attributes map[string]any) {
	if r.kind != kindOther {
		metadata, attributes, r.facts, r.unknown = r.facts, r.unknown, nil, nil
		for f := fieldNone + 1; f < numFields; f++ {
			if !r.has(f) || r.used[f] || f == fieldIgnored || f == fieldEventID || f == fieldOperation && r.operationIsKind() {
				continue
			}
			v := r.get(f)
			if _, event := vocabulary.events[v.key]; event {
				continue // it is among the messages too
			}
			if f.content() {
				attributes = with(attributes, v.key, v.value)
			} else {
				metadata = with(metadata, v.key, v.value)
			}
		}
	}
	if r.span.Dropped > 0 {
		metadata = with(metadata, "truncated", true)
	}
	return metadata, attributes
}

// operationIsKind tells whether the operation says no more than the type of the event does.
func (r *reading) operationIsKind() bool {
	return r.kind != kindMemory && r.kind != kindChain && operations[strings.ToLower(wordOf(r.get(fieldOperation).value))] == r.kind
}

// sources tells where the fields of what was made of the span came from, in the order of the fields.
func (r *reading) sources() (list []FieldSource) {
	for f := fieldNone + 1; f < numFields; f++ {
		if r.has(f) && r.used[f] {
			v := r.get(f)
			list = append(list, FieldSource{Field: f.String(), Key: v.key, Dialect: v.of.name, Value: v.value})
		}
	}
	for name, v := range map[string]found{"messages": r.inputFrom, "output_messages": r.answerFrom} {
		if v.key != "" {
			list = append(list, FieldSource{Field: name, Key: v.key, Dialect: v.of.name})
		}
	}
	for _, v := range r.named {
		list = append(list, FieldSource{Field: fieldSessionID.String(), Key: v.key, Dialect: v.of.name, Value: v.value})
	}
	slices.SortStableFunc(list, func(x, y FieldSource) int { return compareText(x.Field, y.Field) })
	return list
}

func compareText(x, y string) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// fill takes over what r lacks from another reading of the same call. Counts of tokens come from one of the two, the one that knows more classes.
func (r *reading) fill(other *reading) {
	if other.countsTokens() && (!r.countsTokens() || counts(other) > counts(r)) {
		for _, f := range countFields {
			r.put(f, other.get(f))
		}
	}
	for f := fieldNone + 1; f < numFields; f++ {
		if !r.has(f) && other.has(f) && !slices.Contains(countFields, f) {
			r.put(f, other.get(f))
		}
	}
	r.read = readOnce{}
	if !r.hasInput() {
		r.input = other.input
	}
	if len(r.answer) == 0 && !r.has(fieldOutputMessages) {
		r.answer = other.answer
	}
	for name, v := range other.parameters {
		if _, ok := r.parameters[name]; !ok {
			r.parameter(name, v)
		}
	}
	r.named = append(r.named, other.named...)
	r.spoken |= other.spoken
}

func (r *reading) hasInput() bool { return len(r.input) > 0 || r.has(fieldInputMessages) }

var countFields = []field{fieldInputTokens, fieldOutputTokens, fieldTotalTokens, fieldCacheReadTokens, fieldCacheWriteTokens, fieldReasoningTokens}

// counts tells how many classes of tokens a span counts, those of which there were none included.
func counts(r *reading) (n int) {
	for _, f := range countFields {
		if r.has(f) {
			n++
		}
	}
	return n
}

// parameter notes a parameter of the request under its name in the conventions. The first to say one counts.
func (r *reading) parameter(name string, v any) {
	name = genaiwords.ParameterName(name)
	if _, ok := r.parameters[name]; ok || name == "" || v == nil || v == "" {
		return
	}
	switch v = spelled(v); v { // numbers, lists and objects also come as texts
	case "True", "False": // as Python has them
		v = v == "True"
	}
	if r.parameters == nil {
		r.parameters = make(map[string]any)
	}
	r.parameters[name] = v
}
