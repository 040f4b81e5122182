package sentrial

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/sentrial/sentrial-go/types"
)

// What a span was given at its start is recorded as it was then: the caller may change its maps while the operation runs. Another value put in its place before
// End counts, as does everything that is an answer.

// startInput is the input of a tool call or a step.
type startInput struct {
	given any
	text  json.RawMessage // given in JSON, part of the record made at the start
}

// keepInput remembers the value in field t of the starting record, if it is of a kind that can change.
func (o *openSpan) keepInput(t tag, v any) {
	if o == nil || o.started == nil {
		return
	}
	switch reflect.ValueOf(v).Kind() {
	case reflect.Map, reflect.Slice, reflect.Pointer, reflect.Struct, reflect.Array:
		o.input = startInput{given: v, text: fieldOf(o.started, t)}
	}
}

// inputOf is what to record where the span now holds v.
func (o *openSpan) inputOf(v any) any {
	if o.input.text == nil || !sameReference(v, o.input.given) {
		return v
	}
	return o.input.text
}

// fixedInput is the input as of the start, for an operation whose input cannot be put right later.
func (s *ToolSpan) fixedInput() any {
	if s.open == nil || s.open.input.text == nil {
		return s.ToolInput
	}
	return s.open.input.text
}

// startPrompt is what an LLM call asks. Slices and maps are copied, the strings in them cannot change.
type startPrompt struct {
	messages, copied   []types.Message
	parameters, cloned map[string]any
}

func (o *openSpan) keepPrompt(c *types.LLMCall) {
	if o == nil {
		return
	}
	o.prompt = startPrompt{messages: c.Messages, copied: slices.Clone(c.Messages), parameters: c.Parameters, cloned: maps.Clone(c.Parameters)}
	for i := range o.prompt.copied {
		o.prompt.copied[i].Parts = slices.Clone(o.prompt.copied[i].Parts)
	}
}

// restore puts what the call was given in the place of what is still the same slice or map.
func (p *startPrompt) restore(c *types.LLMCall) {
	if sameReference(c.Messages, p.messages) {
		c.Messages = p.copied
	}
	if sameReference(c.Parameters, p.parameters) {
		c.Parameters = p.cloned
	}
}

// sameReference tells whether a and b are one map, pointer or slice.
func sameReference(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if !x.IsValid() || !y.IsValid() || x.Type() != y.Type() {
		return false
	}
	switch x.Kind() {
	case reflect.Map, reflect.Pointer:
		return x.Pointer() == y.Pointer()
	case reflect.Slice:
		return x.Pointer() == y.Pointer() && x.Len() == y.Len()
	}
	return false
}
