package agenttest

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// plainSaid is a message of an answer, and a piece of one.
type plainSaid struct {
	Content   string
	Reasoning string `json:"reasoning_content"`
	ToolCalls []struct {
		Index    int
		ID       string
		Function struct{ Name, Arguments string }
	} `json:"tool_calls"`
}

// plainReply gathers an answer.
type plainReply struct {
	call *adapter.LLM
	q    Question

	text, reasoning string
	calls           []fakellm.ToolCall
}

func (r *plainReply) read(res *http.Response) error {
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(res.Body) // what could be read is told
		return fmt.Errorf("the model answered %s: %s", res.Status, body)
	}
	if !r.q.Stream {
		body, err := io.ReadAll(res.Body)
		return cmp.Or(err, r.take(body))
	}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if string(data) == "[DONE]" {
			return nil
		}
		if ok {
			if err := r.take(data); err != nil {
				return err
			}
		}
	}
	return cmp.Or(lines.Err(), io.ErrUnexpectedEOF)
}

// take adds a whole answer or a piece of one.
func (r *plainReply) take(data []byte) error {
	var reply struct {
		ID, Model string
		Choices   []struct {
			Message, Delta plainSaid
			Finish         string `json:"finish_reason"`
		}
		Usage *plainUsage
	}
	if err := json.Unmarshal(data, &reply); err != nil {
		return err
	}
	r.call.ResponseID = reply.ID
	for _, choice := range reply.Choices {
		r.call.FinishReason = cmp.Or(strings.Replace(choice.Finish, "tool_calls", "tool_call", 1), r.call.FinishReason)
		r.add(choice.Message)
		r.add(choice.Delta)
	}
	if reply.Usage != nil {
		r.call.Usage = reply.Usage.usage()
	}
	return nil
}

func (r *plainReply) add(said plainSaid) {
	r.text += said.Content
	r.reasoning += said.Reasoning
	for _, call := range said.ToolCalls {
		for len(r.calls) <= call.Index {
			r.calls = append(r.calls, fakellm.ToolCall{Arguments: ""})
		}
		c := &r.calls[call.Index]
		c.ID, c.Name = cmp.Or(call.ID, c.ID), cmp.Or(call.Function.Name, c.Name)
		c.Arguments = c.Arguments.(string) + call.Function.Arguments
	}
	if r.q.Stream && (said.Content != "" || said.Reasoning != "" || len(said.ToolCalls) > 0) {
		r.call.FirstToken()
		r.q.Piece(said.Content)
	}
}

// fillIn says what came, however it ended.
func (r *plainReply) fillIn() {
	m := types.Message{Role: "assistant"}
	if r.reasoning != "" {
		m.Parts = append(m.Parts, types.Part{Type: types.PartReasoning, Content: r.reasoning})
	}
	if r.text != "" {
		m.Parts = append(m.Parts, types.Part{Type: types.PartText, Content: r.text})
	}
	for _, call := range r.calls {
		arguments := json.RawMessage(asJSON(call.Arguments))
		m.Parts = append(m.Parts, types.Part{Type: types.PartToolCall, ID: call.ID, Name: call.Name, Arguments: arguments})
	}
	if len(m.Parts) > 0 {
		r.call.OutputMessages = []types.Message{m}
	}
}

func (r *plainReply) answer() Answer { return Answer{Text: r.text, ToolCalls: r.calls} }

type plainUsage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
	In         struct {
		Cached int `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
	Out struct {
		Reasoning int `json:"reasoning_tokens"`
	} `json:"completion_tokens_details"`
}

func (u plainUsage) usage() types.Usage {
	return types.Usage{PromptTokens: u.Prompt, CompletionTokens: u.Completion, CachedTokens: u.In.Cached, ReasoningTokens: u.Out.Reasoning}
}
