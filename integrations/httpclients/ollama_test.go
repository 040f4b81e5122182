package httpclients_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// ollama asks by Ollama's own wire, with nothing but net/http.
type ollama struct {
	url  string
	http *http.Client
}

// noOllama is what Ollama does not count.
var noOllama = []string{"cached_tokens", "cache_write_tokens", "reasoning_tokens"}

func TestOllama(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{Name: "ollama chat", Model: "llama3.2", Provider: "ollama", Lacks: noOllama, Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
		return ollama{url: baseURL + "/api/chat", http: &http.Client{Transport: httptap.Transport(client, nil)}}
	}})
}

type ollamaCall struct {
	ID       string `json:"id,omitempty"`
	Function struct {
		Name      string `json:"name"`
		Arguments any    `json:"arguments"`
	} `json:"function"`
}

type ollamaMessage struct {
	Role       string       `json:"role"`
	Content    string       `json:"content"`
	ToolCalls  []ollamaCall `json:"tool_calls,omitempty"`
	ToolCallID string       `json:"tool_call_id,omitempty"`
}

func (o ollama) Ask(ctx context.Context, q agenttest.Question) (agenttest.Answer, error) {
	body, err := json.Marshal(map[string]any{
		"model": q.Model, "stream": q.Stream, "messages": ollamaMessages(q.Messages), "tools": ollamaTools(q.Tools),
		"options": map[string]any{"temperature": q.Temperature, "num_predict": q.MaxTokens},
	})
	if err != nil {
		return agenttest.Answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, o.url, bytes.NewReader(body))
	if err != nil {
		return agenttest.Answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := o.http.Do(request)
	if err != nil {
		return agenttest.Answer{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return agenttest.Answer{}, refusal(response)
	}
	return read(response.Body, q)
}

// read reads one object, or one a line: a decoder sees no difference.
func read(body io.Reader, q agenttest.Question) (answer agenttest.Answer, _ error) {
	lines := json.NewDecoder(body)
	for {
		var line struct {
			Message ollamaMessage
			Error   string
		}
		switch err := lines.Decode(&line); {
		case errors.Is(err, io.EOF):
			return answer, nil
		case err != nil:
			return answer, err
		case line.Error != "":
			return answer, errors.New(line.Error)
		}
		q.Piece(line.Message.Content)
		answer.Text += line.Message.Content
		for _, call := range line.Message.ToolCalls {
			answer.ToolCalls = append(answer.ToolCalls, fakellm.ToolCall{ID: call.ID, Name: call.Function.Name, Arguments: call.Function.Arguments})
		}
	}
}

func refusal(response *http.Response) error {
	said, err := io.ReadAll(response.Body)
	return errors.Join(fmt.Errorf("%s: %s", response.Status, said), err)
}

func ollamaTools(tools []agenttest.Tool) (out []any) {
	for _, tool := range tools {
		out = append(out, map[string]any{"type": "function", "function": map[string]any{
			"name": tool.Name, "description": tool.Description, "parameters": tool.Schema,
		}})
	}
	return out
}

func ollamaMessages(messages []types.Message) (out []ollamaMessage) {
	for _, m := range messages {
		message := ollamaMessage{Role: m.Role, Content: text(m)}
		for _, part := range m.Parts {
			switch part.Type {
			case types.PartToolCall:
				call := ollamaCall{ID: part.ID}
				call.Function.Name, call.Function.Arguments = part.Name, part.Arguments
				message.ToolCalls = append(message.ToolCalls, call)
			case types.PartToolCallResponse:
				message.Content, message.ToolCallID = asText(part.Response), part.ID
			}
		}
		out = append(out, message)
	}
	return out
}
