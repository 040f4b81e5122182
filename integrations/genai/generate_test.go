package genai_test

import (
	"context"
	"encoding/json"
	"testing"

	"google.golang.org/genai"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	sentrialgenai "github.com/sentrial/sentrial-go/integrations/genai"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// gemini asks to generate content.
type gemini struct{ model *genai.Client }

func TestGenerateContent(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{Name: "genai generate content", Model: "gemini-2.5-flash", Provider: "gcp.gemini", Lacks: []string{"cache_write_tokens"}, Open: func(t *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
		return gemini{newClient(t, client, config(baseURL))}
	}})
}

// config retries, which genai does only when asked to.
func config(baseURL string) *genai.ClientConfig {
	quick := new(0.001)
	return &genai.ClientConfig{APIKey: "AIza-secret", Backend: genai.BackendGeminiAPI, HTTPOptions: genai.HTTPOptions{
		BaseURL: baseURL, RetryOptions: &genai.HTTPRetryOptions{InitialDelay: quick, MaxDelay: quick},
	}}
}

func newClient(t *testing.T, client *sentrial.Client, config *genai.ClientConfig, opts ...sentrialgenai.Option) *genai.Client {
	t.Helper()
	model, err := sentrialgenai.NewClient(t.Context(), client, config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func (g gemini) Ask(ctx context.Context, q agenttest.Question) (agenttest.Answer, error) {
	asked := &genai.GenerateContentConfig{
		MaxOutputTokens: int32(q.MaxTokens), Temperature: new(float32(q.Temperature)), Tools: functions(q.Tools),
	}
	var talk []*genai.Content
	for _, m := range q.Messages {
		if m.Role == "system" {
			asked.SystemInstruction = content(m)
			continue
		}
		talk = append(talk, content(m))
	}
	if q.Stream {
		return g.stream(ctx, q, talk, asked)
	}
	reply, err := g.model.Models.GenerateContent(ctx, q.Model, talk, asked)
	if err != nil {
		return agenttest.Answer{}, err
	}
	return answerOf(reply), nil
}

func (g gemini) stream(ctx context.Context, q agenttest.Question, talk []*genai.Content, asked *genai.GenerateContentConfig) (answer agenttest.Answer, _ error) {
	for reply, err := range g.model.Models.GenerateContentStream(ctx, q.Model, talk, asked) {
		if err != nil {
			return agenttest.Answer{}, err
		}
		more := answerOf(reply)
		q.Piece(more.Text)
		answer.Text += more.Text
		answer.ToolCalls = append(answer.ToolCalls, more.ToolCalls...)
	}
	return answer, nil
}

func answerOf(reply *genai.GenerateContentResponse) (answer agenttest.Answer) {
	if len(reply.Candidates) == 0 || reply.Candidates[0].Content == nil {
		return answer
	}
	for _, part := range reply.Candidates[0].Content.Parts {
		if call := part.FunctionCall; call != nil {
			answer.ToolCalls = append(answer.ToolCalls, fakellm.ToolCall{ID: call.ID, Name: call.Name, Arguments: call.Args})
		}
		if !part.Thought {
			answer.Text += part.Text
		}
	}
	return answer
}

func functions(tools []agenttest.Tool) []*genai.Tool {
	var declared []*genai.FunctionDeclaration
	for _, tool := range tools {
		declared = append(declared, &genai.FunctionDeclaration{Name: tool.Name, Description: tool.Description, ParametersJsonSchema: tool.Schema})
	}
	if declared == nil {
		return nil
	}
	return []*genai.Tool{{FunctionDeclarations: declared}}
}

func content(m types.Message) *genai.Content {
	out := &genai.Content{Role: genai.RoleUser}
	if m.Role == "assistant" {
		out.Role = genai.RoleModel
	}
	for _, part := range m.Parts {
		switch part.Type {
		case types.PartText:
			out.Parts = append(out.Parts, genai.NewPartFromText(part.Content))
		case types.PartToolCall:
			out.Parts = append(out.Parts, &genai.Part{FunctionCall: &genai.FunctionCall{ID: part.ID, Name: part.Name, Args: object(part.Arguments)}})
		case types.PartToolCallResponse:
			out.Parts = append(out.Parts, &genai.Part{FunctionResponse: &genai.FunctionResponse{ID: part.ID, Name: part.Name, Response: object(part.Response)}})
		}
	}
	return out
}

// object reads arguments and results, which Gemini wants as objects.
func object(value any) (out map[string]any) {
	if err := json.Unmarshal([]byte(asText(value)), &out); err != nil {
		return map[string]any{"value": value}
	}
	return out
}
