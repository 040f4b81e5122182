package wire

import (
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// readOllama reads a line of an answer. The last one says that it is, and has the numbers; embeddings have but one.
func readOllama(s *said, o value) {
	s.about(value{}, o.pick("model"))
	c := s.choice(0)
	if message := o.object("message"); message.There() {
		readOllamaMessage(s, c, message)
	}
	s.add(c, key{kind: types.PartReasoning}, types.PartReasoning, o.pick("thinking"))
	s.add(c, key{kind: types.PartText}, types.PartText, o.pick("response"))
	if o.pick("prompt_eval_count", "eval_count").There() {
		prompt, answer := o.number("prompt_eval_count"), o.number("eval_count")
		s.usage = types.Usage{PromptTokens: prompt, CompletionTokens: answer, TotalTokens: prompt + answer}
	}
	for _, name := range []string{"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"} {
		if n := o.number(name); n > 0 {
			s.note(strings.TrimSuffix(name, "_duration")+"_duration_ms", float64(n)/float64(time.Millisecond))
		}
	}
	if o.truth("done") {
		s.ended = true
		c.finish = short(o.text("done_reason"))
		c.asksTools()
	}
}

// readOllamaMessage is readDelta with calls that are never in pieces, and that some versions do not number.
func readOllamaMessage(s *said, c *choice, o value) {
	readSpoken(s, c, o)
	readRest(s, c, o)
	for _, call := range o.pick("tool_calls").items {
		k := key{kind: types.PartToolCall, index: len(c.pieces)}
		s.call(c, k, call.text("id"), call.object("function").text("name"))
		s.arguments(c, k, call.object("function").pick("arguments"))
	}
}
