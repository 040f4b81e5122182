package wire

import (
	"github.com/sentrial/sentrial-go/types"
)

// readChat reads a completion, or a chunk of one: what is called message there is called delta here, and each of its texts goes on.
func readChat(s *said, o value) {
	s.about(o.pick("id"), o.pick("model"))
	for i, item := range o.pick("choices").items {
		readChoice(s, item, i)
	}
	readOpenaiUsage(s, o.object("usage"))
	readOpenaiUsage(s, o.object("x_groq").object("usage"))
	s.noteText("system_fingerprint", o.pick("system_fingerprint"))
	s.noteText("service_tier", o.pick("service_tier"))
}

func readChoice(s *said, o value, position int) {
	c := s.choice(indexOr(o, position))
	if c == nil {
		return
	}
	if message := o.object("delta", "message"); message.There() {
		readDelta(s, c, message)
	}
	s.add(c, key{kind: types.PartText}, types.PartText, o.pick("text")) // completions
	if reason := o.text("finish_reason"); reason != "" {
		c.finish = short(reason)
	}
	if fault := errorIn(o, false); fault != nil { // OpenRouter
		s.fail(fault)
	}
	readOpenaiUsage(s, o.object("usage")) // Moonshot
}

// indexOr is the number that a piece has, or where it stands in its list.
func indexOr(o value, position int) int {
	if !o.pick("index").There() {
		return position
	}
	return o.number("index")
}

func readDelta(s *said, c *choice, o value) {
	readSpoken(s, c, o)
	for i, call := range o.pick("tool_calls").items {
		k := key{kind: types.PartToolCall, index: indexOr(call, i)}
		f := call.object("function", "custom")
		s.call(c, k, call.text("id"), f.text("name"))
		s.arguments(c, k, f.pick("arguments", "input"))
	}
	readRest(s, c, o)
}

func readSpoken(s *said, c *choice, o value) {
	s.add(c, key{kind: types.PartReasoning}, types.PartReasoning, o.saying("reasoning_content", "reasoning", "thinking"))
	readContent(s, c, o.pick("content"))
	s.add(c, key{kind: "refusal"}, "refusal", o.pick("refusal"))
}

// readRest reads what few answers have.
func readRest(s *said, c *choice, o value) {
	if f := o.object("function_call"); f.There() {
		k := key{kind: "function_call"}
		s.call(c, k, "", f.text("name"))
		s.arguments(c, k, f.pick("arguments"))
	}
	if sound := o.object("audio"); sound.There() {
		s.add(c, key{kind: "transcript"}, types.PartText, sound.pick("transcript"))
		if data := sound.text("data"); data != "" {
			s.blob(c, key{kind: "audio"}, media{Type: "blob", Modality: "audio", Size: decodedSize(data)})
		}
	}
}

// readContent reads a text, or, of Mistral, a list of parts.
func readContent(s *said, c *choice, content value) {
	if content.Kind() == '"' {
		s.add(c, key{kind: types.PartText}, types.PartText, content)
		return
	}
	for i, item := range content.items {
		switch p := openaiPart(item); p.Type {
		case types.PartText, types.PartReasoning:
			s.addText(c, key{kind: p.Type}, p.Type, p.Content)
		default:
			s.part(c, key{kind: p.Type, index: i}, p.Type, item)
		}
	}
}

// arguments adds to those of a call: a text of JSON that may come in pieces, or, of some, JSON itself.
func (s *said) arguments(c *choice, k key, v value) {
	if v.Kind() == '"' {
		s.add(c, k, types.PartToolCall, v)
		return
	}
	s.addText(c, k, types.PartToolCall, string(v.compact()))
}
