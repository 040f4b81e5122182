package standin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

// stream sends the answer as server-sent events, a word at a time.
func stream(w http.ResponseWriter, answer *chat.Response, options *chat.StreamOptions) {
	w.Header().Set("Content-Type", "text/event-stream")
	choice := answer.Choices[0]
	send := sender(w, answer)
	send(&chat.Delta{Role: choice.Message.Role}, nil, nil)
	for word := range strings.SplitAfterSeq(string(choice.Message.Content), " ") {
		send(&chat.Delta{Content: word}, nil, nil)
	}
	for i, call := range choice.Message.ToolCalls {
		send(&chat.Delta{ToolCalls: []chat.ToolCallDelta{{Index: i, ToolCall: call}}}, nil, nil)
	}
	send(&chat.Delta{}, &choice.FinishReason, nil)
	if options != nil && options.IncludeUsage {
		send(nil, nil, &answer.Usage)
	}
	_, _ = fmt.Fprint(w, "data: [DONE]\n\n")
}

// sender writes one chunk of the answer and flushes it. A chunk without a delta has no choices.
func sender(w http.ResponseWriter, answer *chat.Response) func(*chat.Delta, *string, *chat.Usage) {
	out := http.NewResponseController(w)
	return func(delta *chat.Delta, finish *string, used *chat.Usage) {
		chunk := chat.Chunk{ID: answer.ID, Object: "chat.completion.chunk", Created: answer.Created, Model: answer.Model, Choices: []chat.ChunkChoice{}, Usage: used}
		if delta != nil {
			chunk.Choices = append(chunk.Choices, chat.ChunkChoice{Delta: *delta, FinishReason: finish})
		}
		text, err := json.Marshal(chunk)
		if err != nil {
			return // a struct of strings and numbers always encodes
		}
		_, _ = fmt.Fprintf(w, "data: %s\n\n", text)
		_ = out.Flush()
	}
}
