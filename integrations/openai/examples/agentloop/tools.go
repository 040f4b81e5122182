package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/sentrial/sentrial-go"
)

// offered is what the model may ask for.
var offered = []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{
	Name:        "current_time",
	Description: openai.String("The time of day in a time zone, such as Asia/Tokyo"),
	Parameters:  openai.FunctionParameters{"type": "object", "properties": map[string]any{"zone": map[string]any{"type": "string"}}},
})}

// use runs a tool and gives what the model is told about it. There is one tool, so it need not be looked up.
func use(ctx context.Context, call openai.ChatCompletionMessageToolCallUnion) string {
	result, err := sentrial.Tool(ctx, call.Function.Name, json.RawMessage(call.Function.Arguments), currentTime, sentrial.WithCallID(call.ID))
	if err != nil {
		sentrial.ReportError(ctx, err, sentrial.Recoverable("tell the model"))
		return "error: " + err.Error()
	}
	return result
}

func currentTime(_ context.Context, arguments json.RawMessage) (string, error) {
	var want struct{ Zone string }
	if err := json.Unmarshal(arguments, &want); err != nil {
		return "", err
	}
	zone, err := time.LoadLocation(want.Zone)
	if err != nil {
		return "", err
	}
	return time.Now().In(zone).Format("15:04 MST"), nil
}
