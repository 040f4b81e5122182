package sentrial

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
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
	if mayChange(v) {
		o.input = startInput{given: v, text: fieldOf(o.started, t)}
	}
}

// mayChange tells whether what v holds can change without v being replaced.
func mayChange(v any) bool {
	switch reflect.ValueOf(v).Kind() {
	case reflect.Map, reflect.Slice, reflect.Pointer, reflect.Struct, reflect.Array:
		return true
	}
	return false
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

// startPrompt is what an LLM call asks, and a copy of it as of the start: strings cannot change, other values are kept as JSON.
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
		m := &o.prompt.copied[i]
		m.Parts = slices.Clone(m.Parts)
		for j := range m.Parts {
			p := &m.Parts[j]
			p.Arguments, p.Response, p.Raw = asOfNow(p.Arguments), asOfNow(p.Response), slices.Clone(p.Raw)
		}
	}
	for name, v := range o.prompt.cloned {
		o.prompt.cloned[name] = asOfNow(v)
	}
}

func asOfNow(v any) any {
	if !mayChange(v) {
		return v
	}
	return json.RawMessage(jsonenc.Append(nil, v))
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

// sameReference tells whether nothing was put in a's place: one map, pointer or slice, or a value made of the same ones.
func sameReference(a, b any) bool { return same(reflect.ValueOf(a), reflect.ValueOf(b)) }

func same(x, y reflect.Value) bool {
	if !x.IsValid() || !y.IsValid() || x.Type() != y.Type() {
		return !x.IsValid() && !y.IsValid()
	}
	switch x.Kind() {
	case reflect.Map, reflect.Pointer, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return x.Pointer() == y.Pointer()
	case reflect.Slice:
		return x.Pointer() == y.Pointer() && x.Len() == y.Len()
	case reflect.Interface:
		return same(x.Elem(), y.Elem())
	case reflect.Struct:
		for i := range x.NumField() {
			if !same(x.Field(i), y.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Array:
		for i := range x.Len() {
			if !same(x.Index(i), y.Index(i)) {
				return false
			}
		}
		return true
	}
	return x.Equal(y)
}
