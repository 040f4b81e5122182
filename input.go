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
	text  json.RawMessage // given in JSON
}

// keepInput remembers the value in field t of the starting record, if it is of a kind that can change. Where that record has no content, the value is kept
// beside it, for who looks at the end of the span.
func (o *openSpan) keepInput(t tag, v any) {
	if o == nil || o.started == nil || !o.needsContent() || !mayChange(v) {
		return
	}
	o.input = startInput{given: v}
	if o.mode == ContentFull {
		o.input.text = fieldOf(o.started, t)
	} else {
		o.input.text = jsonenc.Append(nil, v)
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
	tools, toolsCopy   json.RawMessage
}

func (o *openSpan) keepPrompt(c *types.LLMCall) {
	if o == nil {
		return
	}
	o.prompt = startPrompt{parameters: c.Parameters, cloned: maps.Clone(c.Parameters)}
	for name, v := range o.prompt.cloned {
		o.prompt.cloned[name] = asOfNow(v)
	}
	if o.needsContent() {
		o.prompt.messages, o.prompt.copied = c.Messages, messagesAsOfNow(c.Messages)
		o.prompt.tools, o.prompt.toolsCopy = c.ToolDefinitions, slices.Clone(c.ToolDefinitions)
	}
}

func messagesAsOfNow(messages []types.Message) []types.Message {
	copied := slices.Clone(messages)
	for i := range copied {
		m := &copied[i]
		m.Parts = slices.Clone(m.Parts)
		for j := range m.Parts {
			p := &m.Parts[j]
			p.Arguments, p.Response, p.Raw = asOfNow(p.Arguments), asOfNow(p.Response), slices.Clone(p.Raw)
		}
	}
	return copied
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
	if sameReference(c.ToolDefinitions, p.tools) {
		c.ToolDefinitions = p.toolsCopy
	}
}

// sameReference tells whether nothing was put in a's place: one map, pointer or slice, or a value made of the same ones.
// Structs nested by value deeper than anything that is recorded count as others.
func sameReference(a, b any) bool {
	return same(reflect.ValueOf(a), reflect.ValueOf(b), 4*jsonenc.MaxDepth)
}

func same(x, y reflect.Value, depth int) bool {
	if !x.IsValid() || !y.IsValid() || x.Type() != y.Type() || depth == 0 {
		return !x.IsValid() && !y.IsValid()
	}
	switch x.Kind() {
	case reflect.Map, reflect.Pointer, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return x.Pointer() == y.Pointer()
	case reflect.Slice:
		return x.Pointer() == y.Pointer() && x.Len() == y.Len()
	case reflect.Interface:
		return same(x.Elem(), y.Elem(), depth-1)
	case reflect.Struct:
		for i := range x.NumField() {
			if !same(x.Field(i), y.Field(i), depth-1) {
				return false
			}
		}
		return true
	case reflect.Array:
		for i := range x.Len() {
			if !same(x.Index(i), y.Index(i), depth-1) {
				return false
			}
		}
		return true
	}
	return x.Equal(y)
}
