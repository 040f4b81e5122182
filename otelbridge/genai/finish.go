package genai

import "strings"

// finishReason gives the word of the conventions for why a model stopped, or the word as it came.
func finishReason(s string) string {
	switch strings.ToLower(s) {
	case "tool-calls", "tool_calls", "tool_call", "tool_use", "tooluse", "function_call", "function_calls":
		return "tool_call"
	case "end_turn", "endturn", "stop", "stop_sequence", "completed", "finish_reason_stop":
		return "stop"
	case "length", "max_tokens", "maxtokens", "max_output_tokens", "finish_reason_max_tokens":
		return "length"
	case "content_filter", "content-filter", "blocked", "contentfilter", "safety", "guardrail_intervened":
		return "content_filter"
	case "error":
		return "error"
	}
	return s
}

// finishReasons gives the reasons of the answer's choices, in the words of the conventions.
func (r *reading) finishReasons() []string { return r.read.reasons.get(r.readReasons) }

func (r *reading) readReasons() (reasons []string) {
	list := textsOf(r.get(fieldFinishReasons).value)
	if len(list) == 1 && finishReason(list[0]) == list[0] && !strings.ContainsAny(list[0], ", ") {
		return list // as most are
	}
	for _, s := range list {
		for s := range strings.SplitSeq(s, ",") { // some join the reasons of several choices
			if s = strings.TrimSpace(s); s != "" {
				reasons = append(reasons, finishReason(s))
			}
		}
	}
	return reasons
}
