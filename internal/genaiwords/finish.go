package genaiwords

import "strings"

// FinishReason gives the conventions' word for the reason why an answer ended; others stay as they are.
func FinishReason(s string) string {
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
