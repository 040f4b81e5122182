package anthropic_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	sentrialanthropic "github.com/sentrial/sentrial-go/integrations/anthropic"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// claude asks for messages.
type claude struct{ model anthropic.Client }

func TestMessages(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{Name: "anthropic messages", Model: "claude-haiku-4-5", Provider: "anthropic", Lacks: []string{"reasoning_tokens"}, Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
		return claude{newClient(baseURL, sentrialanthropic.WithTracking(client))}
	}})
}

func newClient(baseURL string, opts ...option.RequestOption) anthropic.Client {
	first := []option.RequestOption{option.WithBaseURL(baseURL), option.WithAPIKey("sk-secret")}
	return anthropic.NewClient(append(first, opts...)...)
}

func (c claude) Ask(ctx context.Context, q agenttest.Question) (agenttest.Answer, error) {
	params := anthropic.MessageNewParams{
		Model: q.Model, MaxTokens: int64(q.MaxTokens), Temperature: anthropic.Float(q.Temperature), Tools: toolParams(q.Tools),
	}
	for _, m := range q.Messages {
		if m.Role == "system" {
			params.System = append(params.System, anthropic.TextBlockParam{Text: text(m)})
			continue
		}
		params.Messages = append(params.Messages, messageParam(m))
	}
	if q.Stream {
		return c.stream(ctx, params, q)
	}
	reply, err := c.model.Messages.New(ctx, params)
	if err != nil {
		return agenttest.Answer{}, err
	}
	return answerOf(reply), nil
}

func (c claude) stream(ctx context.Context, params anthropic.MessageNewParams, q agenttest.Question) (agenttest.Answer, error) {
	stream := c.model.Messages.NewStreaming(ctx, params)
	defer stream.Close()
	var reply anthropic.Message
	for stream.Next() {
		event := stream.Current()
		if err := reply.Accumulate(event); err != nil {
			return agenttest.Answer{}, err
		}
		q.Piece(event.Delta.Text)
	}
	if err := stream.Err(); err != nil {
		return agenttest.Answer{}, err
	}
	return answerOf(&reply), nil
}

func answerOf(reply *anthropic.Message) (answer agenttest.Answer) {
	for _, block := range reply.Content {
		switch block.Type {
		case "text":
			answer.Text += block.Text
		case "tool_use":
			answer.ToolCalls = append(answer.ToolCalls, fakellm.ToolCall{ID: block.ID, Name: block.Name, Arguments: block.Input})
		}
	}
	return answer
}

func toolParams(tools []agenttest.Tool) (out []anthropic.ToolUnionParam) {
	for _, tool := range tools {
		out = append(out, anthropic.ToolUnionParam{OfTool: &anthropic.ToolParam{
			Name: tool.Name, Description: anthropic.String(tool.Description),
			InputSchema: anthropic.ToolInputSchemaParam{Properties: tool.Schema["properties"]},
		}})
	}
	return out
}

func messageParam(m types.Message) anthropic.MessageParam {
	var blocks []anthropic.ContentBlockParamUnion
	for _, part := range m.Parts {
		switch part.Type {
		case types.PartText:
			blocks = append(blocks, anthropic.NewTextBlock(part.Content))
		case types.PartToolCall:
			blocks = append(blocks, anthropic.NewToolUseBlock(part.ID, json.RawMessage(asText(part.Arguments)), part.Name))
		case types.PartToolCallResponse:
			blocks = append(blocks, anthropic.NewToolResultBlock(part.ID, asText(part.Response), false))
		}
	}
	if m.Role == "assistant" {
		return anthropic.NewAssistantMessage(blocks...)
	}
	return anthropic.NewUserMessage(blocks...)
}
