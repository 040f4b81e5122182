package types

import (
	"bytes"
	"encoding/json"
)

// The part types that have fields in [Part]; any other is kept whole in Part.Raw.
const (
	PartText             = "text"               // Content
	PartReasoning        = "reasoning"          // Content
	PartToolCall         = "tool_call"          // ID, Name, Arguments
	PartToolCallResponse = "tool_call_response" // ID, Response
)

// Part of a message: text, reasoning, tool_call, tool_call_response, or any other type kept whole in Raw.
//
// Raw, when it is not nil, is what the part is written as; the other fields are then only a reading of it. It is set when a part is read
// that has a type, or beside a known type a field, that this version does not know. Who changes such a part changes Raw, or sets it to nil
// and loses what only Raw holds.
//
// The response of a tool_call_response is written as "response"; "result" and "content" are read too.
type Part struct {
	Type      string          // type
	Content   string          // content: of text and reasoning
	ID        string          // id: of a tool_call and its response
	Name      string          // name: of the tool called
	Arguments any             // arguments: any JSON value; nil = absent
	Response  any             // response: any JSON value; nil = absent
	Raw       json.RawMessage // the whole part, as it came
}

func (p *Part) fields() []field {
	return []field{
		{name: "type", value: &p.Type},
		{name: "content", value: &p.Content},
		{name: "id", value: &p.ID},
		{name: "name", value: &p.Name},
		{name: "arguments", value: &p.Arguments},
		{name: "response", value: &p.Response},
	}
}

// MarshalJSON writes Raw, or else the fields that are not empty.
func (p Part) MarshalJSON() ([]byte, error) {
	if p.Raw != nil {
		return p.marshalRaw()
	}
	var w objectWriter
	if err := w.add(p.fields()); err != nil {
		return nil, err
	}
	return w.bytes(), nil
}

func (p Part) marshalRaw() ([]byte, error) {
	if members, err := readObject(p.Raw); err != nil || members == nil {
		return nil, &FieldError{Field: "Raw", Err: errRaw}
	}
	return bytes.Clone(p.Raw), nil
}

// UnmarshalJSON replaces the whole part; on error it leaves the part as it was.
func (p *Part) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		return nil
	}
	members, err := readObject(data)
	if err != nil {
		return err
	}
	decoded, err := members.takePart()
	if err != nil {
		return err
	}
	if !knownPart(decoded.Type) || len(members) > 0 {
		decoded.Raw = bytes.Clone(data)
	}
	*p = decoded
	return nil
}

// takePart reads the fields that the part's type has; of an unknown type that is the type alone.
func (o object) takePart() (Part, error) {
	var p Part
	if err := o.take([]field{{name: "type", value: &p.Type}}); err != nil {
		return p, err
	}
	if !knownPart(p.Type) {
		return p, nil
	}
	if p.Type == PartToolCallResponse {
		if err := o.takeResponse(&p.Response); err != nil {
			return p, err
		}
	}
	return p, o.take(p.fields())
}

// takeResponse reads a tool's response under the first of its names that is there.
func (o object) takeResponse(response *any) error {
	for _, name := range []string{"response", "result", "content"} {
		if err := o.take([]field{{name: name, value: response}}); err != nil || *response != nil {
			return err
		}
	}
	return nil
}

func knownPart(partType string) bool {
	switch partType {
	case PartText, PartReasoning, PartToolCall, PartToolCallResponse:
		return true
	}
	return false
}
