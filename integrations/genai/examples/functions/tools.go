package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"google.golang.org/genai"

	"github.com/sentrial/sentrial-go"
)

// offered is what the model may ask for.
var offered = []*genai.Tool{{FunctionDeclarations: []*genai.FunctionDeclaration{{
	Name:        "throw_dice",
	Description: "Throws dice and gives the numbers on top",
	Parameters:  &genai.Schema{Type: genai.TypeObject, Properties: map[string]*genai.Schema{"count": {Type: genai.TypeInteger}}},
}}}}

// use calls a function and gives what the model is told about it. There is one function, so it need not be looked up.
func use(ctx context.Context, call *genai.FunctionCall) *genai.Part {
	told := map[string]any{}
	numbers, err := sentrial.Tool(ctx, call.Name, call.Args, throwDice, sentrial.WithCallID(call.ID))
	if err != nil {
		sentrial.ReportError(ctx, err, sentrial.Recoverable("tell the model"))
		told["error"] = err.Error()
	} else {
		told["output"] = numbers
	}
	return &genai.Part{FunctionResponse: &genai.FunctionResponse{ID: call.ID, Name: call.Name, Response: told}}
}

func throwDice(_ context.Context, arguments map[string]any) ([]int, error) {
	count, ok := arguments["count"].(float64)
	if !ok {
		count = 1
	}
	if count < 1 || count > 100 {
		return nil, fmt.Errorf("want 1 to 100 dice, not %v", count)
	}
	numbers := make([]int, int(count))
	for i := range numbers {
		numbers[i] = 1 + rand.IntN(6) //nolint:gosec // dice are no secrets
	}
	return numbers, nil
}
