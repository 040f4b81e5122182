package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/server/demo/chat"
	"github.com/sentrial/sentrial-go/server/demo/tools"
	"github.com/sentrial/sentrial-go/types"
)

// maxTurns bounds how often the model is asked for one answer.
const maxTurns = 16

const instructions = "You answer questions about the files of a directory. Find out with the tools, do not guess. " +
	"When a file is not there, look for what is. Answer in a few sentences and name the files you used."

// agent asks a model what to do, does it with its tools, and asks again, until the model answers.
type agent struct {
	model    chat.Endpoint
	provider string
	tools    *tools.Set
}

// answer is the agent's loop. Each turn is recorded as an LLM call, the decision in it, and the tool calls it led to; an error of a tool is reported
// once the next turn has shown what the agent does about it.
func (a *agent) answer(ctx context.Context, question string) (string, error) {
	talk := []chat.Message{{Role: "system", Content: instructions}, {Role: "user", Content: chat.Text(question)}}
	var failures []error
	for range maxTurns {
		message, err := a.think(ctx, talk)
		if err != nil {
			return "", err
		}
		a.decide(ctx, message)
		for _, failure := range failures {
			sentrial.ReportError(ctx, failure, sentrial.Recoverable(recovery(message)))
		}
		if len(message.ToolCalls) == 0 {
			return string(message.Content), nil
		}
		talk = append(talk, message)
		failures = nil
		for _, call := range message.ToolCalls {
			result, err := a.use(ctx, call)
			if err != nil {
				failures = append(failures, err)
			}
			talk = append(talk, chat.Message{Role: "tool", ToolCallID: call.ID, Content: result})
		}
	}
	return "", fmt.Errorf("no answer after %d turns", maxTurns)
}

// think asks the model for the next turn.
func (a *agent) think(ctx context.Context, talk []chat.Message) (chat.Message, error) {
	call := types.LLMCall{Model: a.model.ModelName(), Provider: a.provider, Messages: recorded(talk, ""), ToolDefinitions: definitions(a.tools)}
	return sentrial.LLM(ctx, call, func(ctx context.Context, call *types.LLMCall) (chat.Message, error) {
		ctx, cancel := context.WithTimeout(ctx, modelTimeout)
		defer cancel()
		resp, err := a.model.Complete(ctx, chat.Request{Messages: talk, Tools: a.tools.Definitions()})
		if err != nil {
			return chat.Message{}, err
		}
		note(call, resp)
		return resp.Choices[0].Message, nil
	})
}

// use runs one tool. Its error goes two ways: to the model, as text, and to the agent.
func (a *agent) use(ctx context.Context, call chat.ToolCall) (chat.Text, error) {
	name, args := call.Function.Name, call.Function.Arguments
	result, err := sentrial.Tool(ctx, name, jsonOrText(args), func(ctx context.Context, _ any) (any, error) {
		return a.tools.Call(ctx, name, json.RawMessage(args))
	}, sentrial.WithCallID(call.ID))
	if err != nil {
		return chat.Text("error: " + err.Error()), err
	}
	text, err := json.Marshal(result)
	return chat.Text(text), err
}
