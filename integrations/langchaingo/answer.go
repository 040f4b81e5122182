package langchaingo

import (
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go/types"
)

// answered fills in what the model answered.
func answered(call *types.LLMCall, res *llms.ContentResponse) {
	if res == nil {
		return
	}
	pieces := false
	for _, choice := range res.Choices {
		if choice == nil {
			continue
		}
		message := choiceMessage(choice)
		if last := len(call.OutputMessages) - 1; pieces && last >= 0 && isPiece(choice) {
			call.OutputMessages[last].Parts = append(call.OutputMessages[last].Parts, message.Parts...)
		} else if len(message.Parts) > 0 || message.FinishReason != "" {
			call.OutputMessages = append(call.OutputMessages, message)
		}
		pieces = isPiece(choice)
		toldBy(call, choice)
	}
}

// isPiece tells of anthropic's choices, which are no alternatives but the parts of one answer.
func isPiece(choice *llms.ContentChoice) bool { return choice.GenerationInfo["InputTokens"] != nil }

// toldBy takes what one of the choices says of the whole: each repeats the tokens of all.
func toldBy(call *types.LLMCall, choice *llms.ContentChoice) {
	if call.Usage == (types.Usage{}) {
		call.Usage = usageOf(choice.GenerationInfo)
	}
	if call.FinishReason == "" {
		call.FinishReason = finishReason(choice)
	}
	if name, ok := choice.GenerationInfo["model"].(string); ok && name != "" { // mistral
		setModel(call, name)
	}
}

// setModel says which model answered; the one asked for stays where it is another.
func setModel(call *types.LLMCall, name string) {
	if call.Model != "" && call.Model != name && call.RequestModel == "" {
		call.RequestModel = call.Model
	}
	call.Model = name
}

func choiceMessage(choice *llms.ContentChoice) types.Message {
	message := types.Message{Role: "assistant", FinishReason: finishReason(choice)}
	if thought := thoughtOf(choice); thought != "" {
		message.Parts = append(message.Parts, types.Part{Type: types.PartReasoning, Content: thought})
	}
	if choice.Content != "" {
		message.Parts = append(message.Parts, types.Part{Type: types.PartText, Content: choice.Content})
	}
	for _, c := range choice.ToolCalls {
		message.Parts = append(message.Parts, callPart(c.ID, c.FunctionCall))
	}
	if len(choice.ToolCalls) == 0 && choice.FuncCall != nil {
		message.Parts = append(message.Parts, callPart("", choice.FuncCall))
	}
	return message
}

// thoughtOf is what the model reasoned. Of a thought inside the text, which anthropic finds too, the text is enough.
func thoughtOf(choice *llms.ContentChoice) string {
	if choice.ReasoningContent != "" {
		return choice.ReasoningContent
	}
	if choice.GenerationInfo["OutputContent"] != nil {
		return ""
	}
	thought, _ := choice.GenerationInfo["ThinkingContent"].(string)
	return thought
}

// finishReasons are the providers' words, in those of OpenTelemetry's conventions.
var finishReasons = map[string]string{
	"end_turn": "stop", "stop_sequence": "stop", "complete": "stop", "finish": "stop", "finishreasonstop": "stop",
	"max_tokens": "length", "finishreasonmaxtokens": "length",
	"tool_use": "tool_call", "tool_calls": "tool_call", "function_call": "tool_call",
	"refusal": "content_filter", "safety": "content_filter", "content_filtered": "content_filter",
	"finishreasonsafety": "content_filter", "finishreasonrecitation": "content_filter",
	"finishreasonunspecified": "", "finishreasonother": "error",
}

func finishReason(choice *llms.ContentChoice) string {
	said := strings.ToLower(choice.StopReason)
	reason, known := finishReasons[said]
	if !known {
		reason = said
	}
	if len(choice.ToolCalls) > 0 && (reason == "" || reason == "stop") {
		return "tool_call" // Gemini stops for tools, too
	}
	return reason
}
