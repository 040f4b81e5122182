package openai_test

import (
	"context"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/responses"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
	"github.com/sentrial/sentrial-go/types"
)

// answering asks by the Responses API.
type answering struct{ model openai.Client }

func TestResponses(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{Name: "openai responses", Lacks: unsent, Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
		return answering{newClient(baseURL, sentrialopenai.WithTracking(client))}
	}})
}

func (a answering) Ask(ctx context.Context, q agenttest.Question) (agenttest.Answer, error) {
	params := responses.ResponseNewParams{
		Model: q.Model, Tools: responseTools(q.Tools),
		Input:           responses.ResponseNewParamsInputUnion{OfInputItemList: responseItems(q.Messages)},
		MaxOutputTokens: openai.Int(int64(q.MaxTokens)), Temperature: openai.Float(q.Temperature),
	}
	if q.Stream {
		return a.stream(ctx, params, q)
	}
	reply, err := a.model.Responses.New(ctx, params)
	if err != nil {
		return agenttest.Answer{}, told(err)
	}
	return responseAnswer(reply), nil
}

func (a answering) stream(ctx context.Context, params responses.ResponseNewParams, q agenttest.Question) (answer agenttest.Answer, _ error) {
	stream := a.model.Responses.NewStreaming(ctx, params)
	defer stream.Close()
	for stream.Next() {
		switch event := stream.Current(); event.Type {
		case "response.output_text.delta":
			q.Piece(event.Delta)
		case "response.completed":
			answer = responseAnswer(&event.Response)
		}
	}
	return answer, told(stream.Err())
}

func responseAnswer(reply *responses.Response) agenttest.Answer {
	answer := agenttest.Answer{Text: reply.OutputText()}
	for _, item := range reply.Output {
		if item.Type == "function_call" {
			call := item.AsFunctionCall()
			answer.ToolCalls = append(answer.ToolCalls, toolCall(call.CallID, call.Name, call.Arguments))
		}
	}
	return answer
}

func responseTools(tools []agenttest.Tool) (out []responses.ToolUnionParam) {
	for _, tool := range tools {
		function := responses.ToolParamOfFunction(tool.Name, tool.Schema, false)
		function.OfFunction.Description = openai.String(tool.Description)
		out = append(out, function)
	}
	return out
}

func responseItems(messages []types.Message) (out responses.ResponseInputParam) {
	for _, m := range messages {
		if said := text(m); said != "" {
			out = append(out, responses.ResponseInputItemParamOfMessage(said, responses.EasyInputMessageRole(m.Role)))
		}
		for _, part := range m.Parts {
			switch part.Type {
			case types.PartToolCall:
				out = append(out, responses.ResponseInputItemParamOfFunctionCall(asText(part.Arguments), part.ID, part.Name))
			case types.PartToolCallResponse:
				output := responses.ResponseInputItemParamOfFunctionCallOutput(asText(part.Response))
				output.OfFunctionCallOutput.CallID = openai.String(part.ID)
				out = append(out, output)
			}
		}
	}
	return out
}
