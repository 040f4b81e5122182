package genaiwords

import "strings"

// ParameterName gives the conventions' name of a parameter; "" for what is none, such as the messages that some put among them.
func ParameterName(name string) string {
	switch name {
	case "maxTokens", "maxOutputTokens", "max_output_tokens", "max_completion_tokens", "max_tokens_to_sample", "ls_max_tokens":
		return "max_tokens"
	case "topP":
		return "top_p"
	case "topK":
		return "top_k"
	case "stop", "stopSequences", "stop_sequence", "ls_stop":
		return "stop_sequences"
	case "frequencyPenalty":
		return "frequency_penalty"
	case "presencePenalty":
		return "presence_penalty"
	case "ls_temperature":
		return "temperature"
	case "toolChoice":
		return "tool_choice"
	case "is_streaming", "streaming":
		return "stream"
	case "n":
		return "choice.count"
	case "model", "model_name", "modelId", "model_id", "_type", "config":
		return ""
	case "messages", "message", "tools", "functions", "input", "inputs", "inputText", "prompt", "system", "system_prompt", "contents", "instructions", "systemInstruction",
		"system_instruction", "preamble", "chat_history", "documents", "texts", "query", "prediction":
		return "" // what was said
	}
	if Secret(name) || strings.HasSuffix(strings.ToLower(name), "headers") {
		return ""
	}
	return name
}
