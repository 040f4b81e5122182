package wire

import (
	"github.com/sentrial/sentrial-go/types"
)

// readAnthropic reads a message, or an event of its stream. Numbers of tokens come twice there, each time as the sum so far.
func readAnthropic(s *said, o object) {
	switch o.text("type") {
	case "message":
		readAnthropicMessage(s, o)
	case "message_start":
		readAnthropicMessage(s, o.object("message"))
		s.usage.CompletionTokens, s.usage.TotalTokens = 0, 0 // what it says before the answer is no number of an answer that breaks off
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

func readAnthropicMessage(s *said, o object) {
	s.about(o.text("id"), o.text("model"))
	for i, raw := range o.list("content") {
		readBlock(s, objectOf(raw), i)
	}
	stop(s, o)
	readAnthropicUsage(s, o.object("usage"))
}

func stop(s *said, o object) {
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
	s.note("stop_sequence", short(o.text("stop_sequence")))
}

func blockKey(index int) key { return key{kind: "block", index: index} }

// readBlock reads a block that is whole or begins.
func readBlock(s *said, o object, index int) {
	c, k := s.choice(0), blockKey(index)
	switch kind := o.text("type"); kind {
	case "":
	case "text":
		s.add(c, k, types.PartText, o.text("text"))
	case "thinking":
		s.add(c, k, types.PartReasoning, o.text("thinking"))
	case "tool_use":
		s.call(c, k, o.text("id"), o.text("name"))
		if input := o.pick("input"); string(input) != "{}" {
			s.arguments(c, k, input)
		} else if p := c.byKey[k]; p != nil {
			p.blank = "{}" // pieces may follow
		}
	default:
		s.part(c, k, kind, jsonOf(o))
	}
}

// readBlockDelta reads what a block goes on with. Signatures and citations are not kept.
func readBlockDelta(s *said, o object, index int) {
	c, k := s.choice(0), blockKey(index)
	switch o.text("type") {
	case "text_delta":
		s.add(c, k, types.PartText, o.text("text"))
	case "thinking_delta":
		s.add(c, k, types.PartReasoning, o.text("thinking"))
	case "input_json_delta":
		s.add(c, k, types.PartToolCall, o.text("partial_json"))
	}
}

// readAnthropicUsage takes what is said later for what was said before. Tokens of the cache are counted beside the input there.
func readAnthropicUsage(s *said, o object) {
	set := func(n *int, name string) {
		if o.pick(name) != nil {
			*n = o.number(name)
		}
	}
	u := &s.usage
	input := u.PromptTokens - u.CachedTokens - u.CacheWriteTokens
	set(&input, "input_tokens")
	set(&u.CachedTokens, "cache_read_input_tokens")
	set(&u.CacheWriteTokens, "cache_creation_input_tokens")
	set(&u.CompletionTokens, "output_tokens")
	u.PromptTokens = input + u.CachedTokens + u.CacheWriteTokens
	u.TotalTokens = u.PromptTokens + u.CompletionTokens
	s.note("cache_write_1h_tokens", o.object("cache_creation").number("ephemeral_1h_input_tokens"))
	s.note("service_tier", short(o.text("service_tier")))
	if used, ok := valueOf(o.pick("server_tool_use")).(map[string]any); ok {
		s.note("server_tool_use", used)
	}
}
