package openai_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// chat asks by chat completions.
type chat struct{ model openai.Client }

// unsent is what the server of the tests does not say on this wire.
var unsent = []string{"cache_write_tokens"}

func TestChatCompletions(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{Name: "openai chat completions", Lacks: unsent, Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
		return chat{newClient(baseURL, sentrialopenai.WithTracking(client))}
	}})
}

func newClient(baseURL string, opts ...option.RequestOption) openai.Client {
	first := []option.RequestOption{option.WithBaseURL(baseURL + "/v1"), option.WithAPIKey("sk-secret")}
	return openai.NewClient(append(first, opts...)...)
}

func (c chat) Ask(ctx context.Context, q agenttest.Question) (agenttest.Answer, error) {
	params := openai.ChatCompletionNewParams{
		Model: q.Model, Messages: chatMessages(q.Messages), Tools: chatTools(q.Tools),
		MaxCompletionTokens: openai.Int(int64(q.MaxTokens)), Temperature: openai.Float(q.Temperature),
	}
	if q.Stream {
		params.StreamOptions.IncludeUsage = openai.Bool(true)
		return c.stream(ctx, params, q)
	}
	reply, err := c.model.Chat.Completions.New(ctx, params)
	if err != nil {
		return agenttest.Answer{}, told(err)
	}
	return chatAnswer(reply)
}

func (c chat) stream(ctx context.Context, params openai.ChatCompletionNewParams, q agenttest.Question) (agenttest.Answer, error) {
	stream := c.model.Chat.Completions.NewStreaming(ctx, params)
	defer stream.Close()
	var reply openai.ChatCompletionAccumulator
	for stream.Next() {
		chunk := stream.Current()
		reply.AddChunk(chunk)
		for _, choice := range chunk.Choices {
			q.Piece(choice.Delta.Content)
		}
	}
	if err := stream.Err(); err != nil {
		return agenttest.Answer{}, told(err)
	}
	return chatAnswer(&reply.ChatCompletion)
}

// told gives an error as the server said it: the text of openai.Error is only its status.
func told(err error) error {
	if said, ok := errors.AsType[*openai.Error](err); ok {
		return errors.New(said.Message)
	}
	return err
}

func chatAnswer(reply *openai.ChatCompletion) (agenttest.Answer, error) {
	if len(reply.Choices) == 0 {
		return agenttest.Answer{}, errors.New("no choice")
	}
	message := reply.Choices[0].Message
	answer := agenttest.Answer{Text: message.Content}
	for _, call := range message.ToolCalls {
		answer.ToolCalls = append(answer.ToolCalls, toolCall(call.ID, call.Function.Name, call.Function.Arguments))
	}
	return answer, nil
}

func toolCall(id, name, arguments string) fakellm.ToolCall {
	return fakellm.ToolCall{ID: id, Name: name, Arguments: json.RawMessage(arguments)}
}

func chatTools(tools []agenttest.Tool) (out []openai.ChatCompletionToolUnionParam) {
	for _, tool := range tools {
		out = append(out, openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{
			Name: tool.Name, Description: openai.String(tool.Description), Parameters: tool.Schema,
		}))
	}
	return out
}

func chatMessages(messages []types.Message) (out []openai.ChatCompletionMessageParamUnion) {
	for _, m := range messages {
		switch m.Role {
		case "system":
			out = append(out, openai.SystemMessage(text(m)))
		case "user":
			out = append(out, openai.UserMessage(text(m)))
		case "assistant":
			out = append(out, openai.ChatCompletionMessageParamUnion{OfAssistant: assistant(m)})
		case "tool":
			for _, part := range m.Parts {
				out = append(out, openai.ToolMessage(asText(part.Response), part.ID))
			}
		}
	}
	return out
}

func assistant(m types.Message) *openai.ChatCompletionAssistantMessageParam {
	var out openai.ChatCompletionAssistantMessageParam
	if said := text(m); said != "" {
		out.Content.OfString = openai.String(said)
	}
	for _, part := range m.Parts {
		if part.Type != types.PartToolCall {
			continue
		}
		out.ToolCalls = append(out.ToolCalls, openai.ChatCompletionMessageToolCallUnionParam{OfFunction: &openai.ChatCompletionMessageFunctionToolCallParam{
			ID: part.ID, Function: openai.ChatCompletionMessageFunctionToolCallFunctionParam{Name: part.Name, Arguments: asText(part.Arguments)},
		}})
	}
	return &out
}
