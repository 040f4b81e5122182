package consumer

import (
	"context"
	"errors"
	"fmt"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// ErrUnavailable is what the first weather service says.
var ErrUnavailable = errors.New("weather: service unavailable")

type place struct {
	City string `json:"city"`
}

type forecast struct {
	Celsius float64 `json:"celsius"`
}

// ToolLoop is an agent with a plan, a tool that fails once and a model that writes the answer.
func ToolLoop(ctx context.Context, client *sentrial.Client, question string) (answer string, err error) {
	ctx, session := client.CreateSession(ctx, "weather question",
		sentrial.WithUserID("user-1"), sentrial.WithAgentName("weather"), sentrial.WithAgentVersion("2"), sentrial.WithInput(question),
		sentrial.WithConversationID("conversation-1"), sentrial.WithTags("weather", "test"), sentrial.WithMetadata(map[string]any{"tenant": 7}))
	defer session.CloseErr(ctx, &err)
	defer sentrial.Recover(ctx)

	sentrial.Decide(ctx, types.Decision{
		Reasoning: "the question names a city", Alternatives: []string{"ask back", "look it up"}, Chosen: "look it up", Confidence: sentrial.Ptr(0.9),
	})
	city, err := sentrial.StepValue(ctx, "find the city", func(context.Context) (place, error) { return place{City: "Oslo"}, nil },
		sentrial.WithKind("plan"))
	if err != nil {
		return "", err
	}
	weather, err := lookUp(ctx, city)
	if err != nil {
		return "", err
	}
	answer, err = write(ctx, question, weather)
	session.SetResult(types.SessionResult{Status: types.StatusSuccess, Summary: answer, Output: answer, Metrics: map[string]float64{"celsius": weather.Celsius}})
	return answer, err
}

// lookUp asks the tool, and once more where it says that it is unavailable.
func lookUp(ctx context.Context, city place) (forecast, error) {
	attempt := 0
	ask := sentrial.WrapTool("weather", func(context.Context, place) (forecast, error) {
		if attempt++; attempt == 1 {
			return forecast{}, ErrUnavailable
		}
		return forecast{Celsius: 4.5}, nil
	}, sentrial.WithReasoning("current weather is not in the model"))

	weather, err := ask(ctx, city)
	if errors.Is(err, ErrUnavailable) {
		sentrial.ReportError(ctx, err, sentrial.Recoverable("ask again"), sentrial.WithErrorType("unavailable"))
		return ask(ctx, city)
	}
	return weather, err
}

// write lets the model put the forecast into words.
func write(ctx context.Context, question string, weather forecast) (string, error) {
	call := types.LLMCall{
		RequestModel: "small", Provider: "example",
		Messages: []types.Message{{Role: "user", Parts: []types.Part{{Type: "text", Content: question}}}},
	}
	return sentrial.LLM(ctx, call, func(_ context.Context, call *types.LLMCall) (string, error) {
		call.Model, call.FinishReason = "small-2026", "stop"
		call.Usage = types.Usage{PromptTokens: 12, CompletionTokens: 7, CachedTokens: 4}
		call.Response = fmt.Sprintf("It is %.1f degrees.", weather.Celsius)
		return call.Response, nil
	}, sentrial.WithCost(0.0001))
}
