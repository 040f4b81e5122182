package wire

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
	"github.com/sentrial/sentrial-go/types"
)

// put fills a call with what was said.
func (s *said) put(call *types.LLMCall) {
	if s.model != "" && s.model != call.Model {
		call.RequestModel = cmp.Or(call.RequestModel, call.Model)
		call.Model = s.model
	}
	call.ResponseID = cmp.Or(s.id, call.ResponseID)
	if u := sum(s.usage, s.apart); u != (types.Usage{}) {
		call.Usage = u
	}
	if messages := s.messages(); messages != nil {
		call.OutputMessages = messages
	}
	for _, c := range s.choices {
		call.FinishReason = cmp.Or(call.FinishReason, genaiwords.FinishReason(c.finish))
	}
	if s.truncated {
		s.note("reply_cut", true)
	}
	if s.metadata != nil {
		all := make(map[string]any, len(s.metadata)+len(call.Metadata))
		maps.Copy(all, s.metadata)
		maps.Copy(all, call.Metadata) // who calls knows better
		call.Metadata = all
	}
}

func (s *said) messages() (list []types.Message) {
	slices.SortFunc(s.choices, func(a, b *choice) int { return cmp.Compare(a.index, b.index) })
	for _, c := range s.choices {
		m := types.Message{Role: "assistant", FinishReason: genaiwords.FinishReason(c.finish)}
		for _, p := range c.pieces {
			if part, ok := p.part(); ok {
				m.Parts = append(m.Parts, part)
			}
		}
		if m.Parts != nil {
			list = append(list, m)
		}
	}
	return list
}

// part is false for what has nothing in it.
func (p *piece) part() (types.Part, bool) {
	switch {
	case p.kind == types.PartText || p.kind == types.PartReasoning:
		return types.Part{Type: p.kind, Content: string(p.text)}, len(p.text) > 0
	case p.leaves != nil:
		return callPart(p.id, p.name, tree(p.leaves)), true
	case p.kind == types.PartToolCall:
		return callPart(p.id, p.name, spelled(cmp.Or(string(p.text), p.blank))), true
	case p.kind == "refusal":
		return refusalPart(string(p.text)), len(p.text) > 0
	case p.media.Type != "":
		return p.media.part(), true
	case p.whole != nil:
		return types.Part{Type: p.kind, Raw: p.withInput()}, true
	}
	return types.Part{}, false
}

// withInput is what is kept whole, with the input that came in pieces after it.
func (p *piece) withInput() json.RawMessage {
	var o map[string]json.RawMessage
	if len(p.text) == 0 || json.Unmarshal(p.whole, &o) != nil {
		return p.whole
	}
	o["input"] = jsonOf(spelled(string(p.text)))
	return jsonOf(o)
}

// asksTools makes the end of an answer that calls tools one for that reason, where the provider has no word for it.
func (c *choice) asksTools() {
	if c != nil && genaiwords.FinishReason(c.finish) == "stop" && slices.ContainsFunc(c.pieces, func(p *piece) bool { return p.kind == types.PartToolCall }) {
		c.finish = "tool_call"
	}
}
