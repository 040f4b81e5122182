package genai

import "strings"

// askedCall is a call of a tool that a model asked for.
type askedCall struct{ session, id string }

// maxReason bounds the length of a reason that is remembered for calls that did not come yet.
const maxReason = 8 << 10

// giveReasons gives calls of tools the reason for which a model asked for them: what it reasoned, or said beside.
func (as *assembly) giveReasons() {
	var reasons map[askedCall]string
	for i := range as.events {
		if e := &as.events[i]; e.LLMCall != nil {
			reasons = as.reasonsIn(e, reasons)
		}
	}
	for i := range as.events {
		e := &as.events[i]
		if e.ToolCall == nil || e.ToolCall.CallID == "" || e.ToolCall.Reasoning != "" {
			continue
		}
		key := askedCall{e.SessionID, e.ToolCall.CallID}
		if e.ToolCall.Reasoning = reasons[key]; e.ToolCall.Reasoning == "" {
			e.ToolCall.Reasoning = as.a.memory.reasons.get(key)
		}
	}
}

// reasonsIn adds those in an answer.
func (as *assembly) reasonsIn(e *Event, reasons map[askedCall]string) map[askedCall]string {
	for _, m := range e.LLMCall.OutputMessages {
		why := reasonOf(m.Parts)
		if why == "" {
			continue
		}
		for _, p := range m.Parts {
			if p.Type != "tool_call" || p.ID == "" {
				continue
			}
			if reasons == nil {
				reasons = make(map[askedCall]string)
			}
			key := askedCall{e.SessionID, p.ID}
			if reasons[key] = why; len(why) <= maxReason && !as.a.cfg.WithoutContent {
				as.a.memory.reasons.put(key, why, 1)
			}
		}
	}
	return reasons
}

// reasonOf gives the reasoning in an answer, else the text.
func reasonOf(parts []Part) string {
	var reasoning, text []string
	for _, p := range parts {
		switch {
		case p.Content == "":
		case p.Type == "reasoning":
			reasoning = append(reasoning, p.Content)
		case p.Type == "text":
			text = append(text, p.Content)
		}
	}
	if len(reasoning) > 0 {
		return strings.Join(reasoning, "\n")
	}
	return strings.Join(text, "\n")
}
