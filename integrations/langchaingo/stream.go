package langchaingo

import (
	"context"
	"slices"
	"sync"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// stream looks on while the program reads the pieces of an answer.
type stream struct {
	call *adapter.LLM

	mu                sync.Mutex
	answer, reasoning text
}

// watch is the last option of a call: it puts itself before the functions that the program gave.
func (s *stream) watch(o *llms.CallOptions) {
	both := o.StreamingFunc != nil // then each piece of the answer is given to both
	if read := o.StreamingFunc; read != nil {
		o.StreamingFunc = func(ctx context.Context, chunk []byte) error {
			s.saw(nil, chunk)
			return read(ctx, chunk)
		}
	}
	if read := o.StreamingReasoningFunc; read != nil {
		o.StreamingReasoningFunc = func(ctx context.Context, reasoning, chunk []byte) error {
			if both {
				s.saw(reasoning, nil)
			} else {
				s.saw(reasoning, chunk)
			}
			return read(ctx, reasoning, chunk)
		}
	}
}

func (s *stream) saw(reasoning, chunk []byte) {
	if len(reasoning) == 0 && len(chunk) == 0 {
		return
	}
	s.call.FirstToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reasoning.add(reasoning)
	s.answer.add(chunk)
}

// fill gives what had come of an answer that did not come whole. Some providers take the end of the context for the end of the answer.
func (s *stream) fill(ctx context.Context, call *types.LLMCall, err error) {
	if s == nil {
		return
	}
	cut := err == nil && ctx.Err() != nil && call.FinishReason == ""
	if cut {
		call.Status, call.Error = types.StatusCancelled, ctx.Err().Error()
	}
	if (cut || err != nil) && !hasParts(call.OutputMessages) {
		call.OutputMessages = s.partial()
	}
}

func (s *stream) partial() []types.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	message := types.Message{Role: "assistant"}
	if thought := s.reasoning.String(); thought != "" {
		message.Parts = append(message.Parts, types.Part{Type: types.PartReasoning, Content: thought})
	}
	if answer := s.answer.String(); answer != "" {
		message.Parts = append(message.Parts, types.Part{Type: types.PartText, Content: answer})
	}
	if message.Parts == nil {
		return nil
	}
	return []types.Message{message}
}

func hasParts(messages []types.Message) bool {
	return slices.ContainsFunc(messages, func(m types.Message) bool { return len(m.Parts) > 0 })
}
