package wire

import (
	"github.com/sentrial/sentrial-go/types"
)

// readAnthropic reads a message, or an event of its stream. Numbers of tokens come twice there, each time as the sum so far.
func readAnthropic(s *said, o value) {
	switch o.typeWord() {
	case "message":
		readAnthropicMessage(s, o)
	case "message_start":
		readAnthropicMessage(s, o.object("message"))
		s.usage.CompletionTokens, s.usage.TotalTokens, s.apart = 0, 0, types.Usage{} // what it says before the answer is no number of an answer that breaks off
	case "content_block_start":
		readBlock(s, o.object("content_block"), o.number("index"))
	case "content_block_delta":
		readBlockDelta(s, o.object("delta"), o.number("index"))
	case "message_delta":
		stop(s, o.object("delta"))
		readAnthropicUsage(s, o.object("usage"))
	case "message_stop":
		s.ended = true
	}
}

func readAnthropicMessage(s *said, o value) {
	s.about(o.pick("id"), o.pick("model"))
	for i, block := range o.pick("content").items {
		readBlock(s, block, i)
	}
	stop(s, o)
	readAnthropicUsage(s, o.object("usage"))
}

func stop(s *said, o value) {
	reason := o.text("stop_reason")
	switch reason {
	case "":
		return
	case "refusal":
		reason = "content_filter"
	case "model_context_window_exceeded":
		reason = "length"
	}
	if c := s.choice(0); c != nil {
		c.finish = short(reason)
	}
	s.noteText("stop_sequence", o.pick("stop_sequence"))
}

func blockKey(index int) key { return key{kind: "block", index: index} }

// readBlock reads a block that is whole or begins.
func readBlock(s *said, o value, index int) {
	c, k := s.choice(0), blockKey(index)
	switch kind := o.typeWord(); kind {
	case "":
	case "text":
		s.add(c, k, types.PartText, o.pick("text"))
	case "thinking":
		s.add(c, k, types.PartReasoning, o.pick("thinking"))
	case "tool_use":
		s.call(c, k, o.text("id"), o.text("name"))
		if input := o.pick("input"); input.Kind() != '{' || !input.Empty() {
			s.arguments(c, k, input)
		} else if p := c.find(k); p != nil {
			p.blank = "{}" // pieces may follow
		}
	default:
		s.part(c, k, kind, o)
	}
}

// readBlockDelta reads what a block goes on with. Signatures and citations are not kept.
func readBlockDelta(s *said, o value, index int) {
	c, k := s.choice(0), blockKey(index)
	switch o.typeWord() {
	case "text_delta":
		s.add(c, k, types.PartText, o.pick("text"))
	case "thinking_delta":
		s.add(c, k, types.PartReasoning, o.pick("thinking"))
	case "input_json_delta":
		s.add(c, k, types.PartToolCall, o.pick("partial_json"))
	case "compaction_delta":
		s.part(c, k, "compaction", o)
	}
}
