package server

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/types"
)

// hostedKinds make events of what the hosted wire has types for.
var hostedKinds = map[string]func(t *translation, session string){
	"tool_call":    (*translation).toolCall,
	"llm_decision": (*translation).decision,
	"state_change": (*translation).stateChange,
	"error":        (*translation).errorEvent,
}

// place writes what events have in common, sessions aside.
func (t *translation) place(kind types.EventType, session string) {
	t.begin(kind, session)
	t.out.filled("trace_id", t.take("traceId", checkName))
	t.out.filled("span_id", t.take("spanId", checkName))
}

func (t *translation) toolCall(session string) {
	name := t.take("toolName", checkText)
	if provider, model, ok := llmName(textOf(name)); ok {
		t.llmCall(session, provider, model)
		return
	}
	t.place(types.EventToolCall, session)
	failure := t.failure()
	t.status(failure.status())
	t.lift(toolFacts, t.meta.lift)
	t.out.filled("tool_name", name)
	t.out.raw("tool_input", t.content("toolInput"))
	t.out.raw("tool_output", t.content("toolOutput"))
	t.out.filled("reasoning", t.take("reasoning", checkText))
	t.out.filled("error", failure.message)
	t.out.raw("cost", t.cost())
	t.meta.keep("tool_error", failure.rest.text())
}

func (t *translation) decision(session string) {
	t.place(types.EventDecision, session)
	t.status("")
	t.lift(decisionFacts, t.meta.lift)
	t.out.filled("reasoning", t.take("reasoning", checkText))
	t.out.raw("alternatives", texts(t.take("alternativesConsidered", ofKind('[', "an array"))))
	t.out.raw("confidence", t.take("confidence", checkNumber))
}

func (t *translation) errorEvent(session string) {
	t.place(types.EventError, session)
	failure := t.failure()
	t.status("")
	t.lift(errorFacts, t.meta.lift)
	t.out.filled("error_type", failure.take("type"))
	t.out.filled("error_message", failure.message)
	t.out.filled("stack_trace", failure.take("stack_trace"))
	t.meta.keep("tool_error", failure.rest.text())
}

// stateChange makes a step, or what our SDK has no type for on this wire.
func (t *translation) stateChange(session string) {
	if kind := t.meta.own(ownType); kind != nil {
		t.foreign(types.EventType(textOf(kind)), session)
		return
	}
	t.place(types.EventStep, session)
	failure := t.failure()
	t.status(failure.status())
	t.lift([]fact{durationFact}, t.meta.lift)
	t.out.filled("name", t.stepText(nameFact))
	t.out.filled("kind", t.stepText(kindFact))
	t.out.raw("input", t.content("stateBefore"))
	t.out.raw("output", t.content("stateAfter"))
	t.out.filled("error", failure.message)
	t.meta.keep("tool_error", failure.rest.text())
}

// stepText is the name or kind of a step. A step of our SDK may have none.
func (t *translation) stepText(f fact) []byte {
	raw := t.meta.lift(f)
	if raw == nil && !t.meta.ours {
		return []byte(`"state_change"`)
	}
	return raw
}

// foreign makes an event of any type from its own fields.
func (t *translation) foreign(kind types.EventType, session string) {
	t.place(kind, session)
	t.status("")
	t.lift([]fact{durationFact}, t.meta.lift)
	raw := t.take("stateAfter", ofKind('{', "an object"))
	if raw == nil {
		return
	}
	own, p := readObject(raw)
	t.note("stateAfter", p)
	for _, m := range own.members {
		t.out.member(m.written, m.value)
	}
}

// texts is an array with all elements as strings: those that are none become their JSON.
func texts(raw []byte) []byte {
	if raw == nil || checkTexts(raw) == nil {
		return raw
	}
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return nil
	}
	out := []byte{'['}
	for i, e := range elements {
		if i > 0 {
			out = append(out, ',')
		}
		if e[0] != '"' {
			e = quoted(string(e))
		}
		out = append(out, e...)
	}
	return append(out, ']')
}
