package genai

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// session is what the span says about its session. The name is the span's own idea of one.
func (r *reading) session() Session {
	s := Session{
		AgentName: r.text(fieldAgentName), AgentVersion: r.text(fieldAgentVersion), UserID: r.text(fieldUserID), ConversationID: r.text(fieldConversationID),
		Tags: textsOf(r.content(fieldTags)),
	}
	if s.AgentName == "" && (r.kind == kindAgent || r.kind == kindWorkflow) {
		s.AgentName = r.text(fieldEntityName)
	}
	s.Name = cmp.Or(r.text(fieldSessionName), s.AgentName, r.span.Name)
	s.Input = r.said()
	return s
}

// said is what an agent was asked: a text where one text is all there is, else what came.
func (r *reading) said() any {
	return r.read.said.get(func() any { return spoken(r.content(fieldInputMessages, fieldInput), r.input, "user") })
}

// output is what an agent answered.
func (r *reading) output() any {
	return r.read.output.get(func() any {
		return spoken(r.content(fieldOutputMessages, fieldOutputText, fieldOutputObject, fieldOutput), r.answer, "assistant")
	})
}

func spoken(v any, list []Message, role string) any {
	if len(list) > 0 {
		if text := plainText(unsystematic(list)); text != "" {
			return text
		}
		if v == nil {
			return plainMessages(list)
		}
	}
	raw := structured(v)
	if raw == nil {
		return spelled(v)
	}
	said, ok := schema(string(raw))
	if !ok {
		said = messagesIn(raw, role)
	}
	if text := plainText(unsystematic(said)); text != "" {
		return text
	}
	return raw
}

// unsystematic leaves out the instructions before what was said.
func unsystematic(list []Message) []Message {
	for len(list) > 1 && list[0].Role == "system" {
		list = list[1:]
	}
	return list
}

// plainMessages gives messages as values that have a JSON form.
func plainMessages(list []Message) any {
	type part struct {
		Type      string `json:"type"`
		Content   string `json:"content,omitempty"`
		ID        string `json:"id,omitempty"`
		Name      string `json:"name,omitempty"`
		Arguments any    `json:"arguments,omitempty"`
		Response  any    `json:"response,omitempty"`
	}
	type message struct {
		Role  string `json:"role"`
		Parts []any  `json:"parts"`
	}
	out := make([]message, len(list))
	for i, m := range list {
		out[i].Role = m.Role
		for _, p := range m.Parts {
			if p.Raw != nil {
				out[i].Parts = append(out[i].Parts, p.Raw)
				continue
			}
			out[i].Parts = append(out[i].Parts, part{p.Type, p.Content, p.ID, p.Name, p.Arguments, p.Response})
		}
	}
	return jsonOf(out)
}

// sessionID gives the session that the span itself names, by the first of the keys that it has, and that key.
func (r *reading) sessionID(keys []string) (id, key string) {
	for _, key := range keys {
		i := slices.IndexFunc(r.named, func(f found) bool { return f.key == key })
		if i >= 0 {
			return ruly(wordOf(r.named[i].value)), key
		}
		if v := textOf(r.attribute(key)); v != "" {
			return ruly(v), key
		}
	}
	return "", ""
}

// attribute gives an attribute that no dialect gives to fieldSessionID; nil when it is absent.
func (r *reading) attribute(key string) any {
	if means := vocabulary.keys[key]; len(means) == 1 && means[0].field == fieldSessionID {
		return nil // it would be among those that the span names
	}
	for i := range r.span.Attributes {
		if r.span.Attributes[i].Key == key {
			return r.span.Attributes[i].Value
		}
	}
	return nil
}

// StandardSessionKeys are the attributes that name a session in one dialect or another, the best first.
func StandardSessionKeys() []string { return slices.Clone(standardSessionKeys()) }

// ruly makes an id of one that a program chose. What the rules for ids do not allow (slashes, blanks, more than 128 characters) is hashed.
func ruly(id string) string {
	if id == "" || len(id) <= 128 && !slices.ContainsFunc([]byte(id), unruly) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "otel_" + hex.EncodeToString(sum[:16])
}

func unruly(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '.', c == ':', c == '-':
		return false
	}
	return true
}

// eventID names the event that the span becomes. It says nothing about the kind of event and depends on nothing but the span, so that a span delivered again gives
// the same event.
func (r *reading) eventID() string {
	if r.has(fieldEventID) {
		return ruly(textOf(r.get(fieldEventID).value))
	}
	return eventOfSpan(r.span.TraceID, r.span.SpanID)
}

// hasContent tells whether the span says what went into a model or came out.
func (r *reading) hasContent() bool {
	if len(r.input)+len(r.answer) > 0 {
		return true
	}
	return slices.ContainsFunc(contentFields, r.has)
}

var contentFields = []field{fieldInputMessages, fieldOutputMessages, fieldOutputText, fieldOutputCalls, fieldOutputObject, fieldInput, fieldOutput}
