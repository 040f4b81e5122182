package standin

import (
	"unicode"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

// pieceLength is how many letters or digits in a row make one token.
const pieceLength = 5

// CountTokens counts a text by a simple rule that anyone can check: each run of up to five letters and digits is one token, so is each other character
// that is no white space.
func CountTokens(text string) int {
	tokens, run := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if run%pieceLength == 0 {
				tokens++
			}
			run++
		case unicode.IsSpace(r):
			run = 0
		default:
			tokens++
			run = 0
		}
	}
	return tokens
}

// usage counts the texts of the request, tool definitions and calls included, and those of the answer. Roles and ids are not counted.
func usage(req chat.Request, answer chat.Message) chat.Usage {
	var prompt int
	for _, message := range req.Messages {
		prompt += messageTokens(message)
	}
	for _, tool := range req.Tools {
		def := tool.Function
		prompt += CountTokens(def.Name) + CountTokens(def.Description) + CountTokens(string(def.Parameters))
	}
	completion := messageTokens(answer)
	return chat.Usage{PromptTokens: prompt, CompletionTokens: completion, TotalTokens: prompt + completion}
}

func messageTokens(message chat.Message) int {
	tokens := CountTokens(string(message.Content))
	for _, call := range message.ToolCalls {
		tokens += CountTokens(call.Function.Name) + CountTokens(call.Function.Arguments)
	}
	return tokens
}
