package wire

import (
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// compacted is what is left of a conversation that was made shorter.
const compacted = "response.compaction"

// readResponses reads a response, or an event of its stream.
func readResponses(s *said, o value) {
	event := o.typeWord()
	switch {
	case o.pick("object").Is("response"), o.pick("object").Is(compacted):
		readResponse(s, o)
		if status := o.text("status"); status == "queued" || status == "in_progress" {
			s.note("response_status", status) // there is no answer yet
		}
	case event == "error":
		if e := errorIn(o, true); e != nil {
			s.fail(e)
		}
	case event == "response.output_item.added" || event == "response.output_item.done":
		readItem(s, s.choice(0), o.object("item"), o.number("output_index"))
	case strings.HasSuffix(event, ".delta"):
		readResponsesDelta(s, o, event)
	default:
		if response := o.object("response"); response.There() {
			readResponse(s, response)
			s.ended = s.ended || event == "response.completed" || event == "response.failed" || event == "response.incomplete"
		}
	}
}

func readResponse(s *said, o value) {
	s.about(o.pick("id"), o.pick("model"))
	c := s.choice(0)
	readOutput(s, c, o)
	readOpenaiUsage(s, o.object("usage"))
	s.noteText("service_tier", o.pick("service_tier"))
	switch status := o.text("status"); status {
	case "completed":
		c.finish = "stop"
		c.asksTools()
	case "incomplete":
		c.finish = short(o.object("incomplete_details").text("reason"))
	case "failed", "cancelled":
		c.finish = "error"
		if e := errorIn(o, false); e != nil {
			s.fail(e)
		} else {
			s.fail(&Error{Message: "the response is " + status})
		}
	}
}

// readOutput reads the items of a response. A stream has them all once more in its end: of the kinds that it had already none is read again, for not all servers number
// items alike. What is compacted begins with the user's messages, as they were asked.
func readOutput(s *said, c *choice, o value) {
	output := o.pick("output")
	if output.Empty() {
		return
	}
	known := map[string]bool{"message": o.pick("object").Is(compacted)}
	for _, p := range c.pieces {
		known[p.key.kind] = true
	}
	for i, item := range output.items {
		if !known[itemKind(item.typeWord())] {
			readItem(s, c, item, i)
		}
	}
}

// itemKind is the kind of the pieces of an item.
func itemKind(kind string) string {
	switch kind {
	case "function_call", "custom_tool_call":
		return "call"
	}
	return kind
}

// beside numbers a summary, which stands in another list of the same item.
func beside(inner int) int { return -1 - inner }

// readItem reads one that is whole or begins; what its pieces said already stays.
func readItem(s *said, c *choice, o value, index int) {
	kind := o.typeWord()
	k := key{kind: itemKind(kind), index: index}
	switch kind {
	case "":
	case "message":
		for i, part := range o.pick("content").items {
			s.fill(c, key{"message", index, i}, types.PartText, part.pick("text"))
			s.fill(c, key{"message", index, i}, "refusal", part.pick("refusal"))
		}
	case "reasoning":
		for i, part := range o.pick("content").items {
			s.fill(c, key{"reasoning", index, i}, types.PartReasoning, part.pick("text"))
		}
		for i, part := range o.pick("summary").items {
			s.fill(c, key{"reasoning", index, beside(i)}, types.PartReasoning, part.pick("text"))
		}
	case "function_call", "custom_tool_call":
		s.call(c, k, o.text("call_id", "id"), o.text("name"))
		s.fill(c, k, types.PartToolCall, o.pick("arguments", "input"))
	default:
		s.part(c, k, kind, o)
	}
}

// readResponsesDelta reads a piece of a text.
func readResponsesDelta(s *said, o value, event string) {
	c, text := s.choice(0), o.pick("delta")
	index, inner := o.number("output_index"), o.number("content_index", "summary_index")
	switch event {
	case "response.output_text.delta":
		s.add(c, key{"message", index, inner}, types.PartText, text)
	case "response.refusal.delta":
		s.add(c, key{"message", index, inner}, "refusal", text)
	case "response.reasoning_text.delta":
		s.add(c, key{"reasoning", index, inner}, types.PartReasoning, text)
	case "response.reasoning_summary_text.delta":
		s.add(c, key{"reasoning", index, beside(inner)}, types.PartReasoning, text)
	case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
		s.add(c, key{kind: "call", index: index}, types.PartToolCall, text)
	}
}
