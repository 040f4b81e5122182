package httpclients_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"

	openai "github.com/sashabaranov/go-openai"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// chat asks by chat completions, with github.com/sashabaranov/go-openai.
type chat struct{ model *openai.Client }

// unsent is what the server of the tests does not say on this wire.
var unsent = []string{"cache_write_tokens"}

func TestGoOpenAI(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{Name: "go-openai", Lacks: unsent, Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
		config := openai.DefaultConfig("sk-secret")
		config.BaseURL = baseURL + "/v1"
		config.HTTPClient = &http.Client{Transport: httptap.Transport(client, nil)}
		return chat{openai.NewClientWithConfig(config)}
	}})
}

func (c chat) Ask(ctx context.Context, q agenttest.Question) (agenttest.Answer, error) {
	request := openai.ChatCompletionRequest{
		Model: q.Model, Messages: chatMessages(q.Messages), Tools: chatTools(q.Tools), MaxCompletionTokens: q.MaxTokens, Temperature: float32(q.Temperature),
	}
	if q.Stream {
		request.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
		return c.stream(ctx, request, q)
	}
	reply, err := c.model.CreateChatCompletion(ctx, request)
	if err != nil {
		return agenttest.Answer{}, err
	}
	message := reply.Choices[0].Message
	answer := agenttest.Answer{Text: message.Content}
	for _, call := range message.ToolCalls {
		answer.ToolCalls = append(answer.ToolCalls, toolCall(call))
	}
	return answer, nil
}

func (c chat) stream(ctx context.Context, request openai.ChatCompletionRequest, q agenttest.Question) (answer agenttest.Answer, _ error) {
	stream, err := c.model.CreateChatCompletionStream(ctx, request)
	if err != nil {
		return answer, err
	}
	defer stream.Close()
	var calls []openai.ToolCall
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return answer, err
		}
		for _, choice := range chunk.Choices {
			q.Piece(choice.Delta.Content)
			answer.Text += choice.Delta.Content
			calls = join(calls, choice.Delta.ToolCalls)
		}
	}
	for _, call := range calls {
		answer.ToolCalls = append(answer.ToolCalls, toolCall(call))
	}
	return answer, nil
}

// join adds pieces of tool calls to those that have begun.
func join(calls, pieces []openai.ToolCall) []openai.ToolCall {
	for _, piece := range pieces {
		if piece.Index == nil || *piece.Index >= len(calls) {
			calls = append(calls, piece)
			continue
		}
		calls[*piece.Index].Function.Arguments += piece.Function.Arguments
	}
	return calls
}

func toolCall(call openai.ToolCall) fakellm.ToolCall {
	return fakellm.ToolCall{ID: call.ID, Name: call.Function.Name, Arguments: json.RawMessage(call.Function.Arguments)}
}

func chatTools(tools []agenttest.Tool) (out []openai.Tool) {
	for _, tool := range tools {
		out = append(out, openai.Tool{Type: openai.ToolTypeFunction, Function: &openai.FunctionDefinition{
			Name: tool.Name, Description: tool.Description, Parameters: tool.Schema,
		}})
	}
	return out
}

func chatMessages(messages []types.Message) (out []openai.ChatCompletionMessage) {
	for _, m := range messages {
		message := openai.ChatCompletionMessage{Role: m.Role, Content: text(m)}
		for _, part := range m.Parts {
			switch part.Type {
			case types.PartToolCall:
				message.ToolCalls = append(message.ToolCalls, openai.ToolCall{ID: part.ID, Type: openai.ToolTypeFunction, Function: openai.FunctionCall{
					Name: part.Name, Arguments: asText(part.Arguments),
				}})
			case types.PartToolCallResponse:
				message.Content, message.ToolCallID = asText(part.Response), part.ID
			}
		}
		out = append(out, message)
	}
	return out
}
