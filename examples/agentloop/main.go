// Command agentloop is an agent: a model that speaks the OpenAI wire asks for tools, the program runs them and asks again, until the model answers. Each
// turn is recorded as an LLM call, each tool as a tool call that names the LLM call's request, and an error of a tool as one that the agent survives.
//
//	OPENAI_API_KEY=… SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/agentloop "What is in go.mod?"
//
// OPENAI_BASE_URL and OPENAI_MODEL choose another model. With neither a key nor a URL a stand-in in this process answers; it is no model.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

func main() {
	ctx := context.Background()
	stop, err := provider()
	if err != nil {
		log.Fatal(err)
	}
	defer stop()
	question := cmp.Or(strings.Join(os.Args[1:], " "), "What is in go.mod?")
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	err = client.Run(ctx, "agentloop", func(ctx context.Context) error {
		answer, err := answer(ctx, question)
		fmt.Println(answer)
		sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Output: answer})
		return err
	}, sentrial.WithAgentName("file-agent"), sentrial.WithInput(question))
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

// answer is the loop.
func answer(ctx context.Context, question string) (string, error) {
	talk := []message{{Role: "user", Content: question}}
	for range 10 {
		reply, err := sentrial.LLM(ctx, types.LLMCall{Model: model, Provider: "openai", Messages: recorded(talk...)}, func(ctx context.Context, call *types.LLMCall) (message, error) {
			return complete(ctx, talk, call)
		})
		if err != nil || len(reply.ToolCalls) == 0 {
			return reply.Content, err
		}
		talk = append(talk, reply)
		for _, call := range reply.ToolCalls {
			talk = append(talk, message{Role: "tool", ToolCallID: call.ID, Content: use(ctx, call)})
		}
	}
	return "", errors.New("no answer after 10 turns")
}

// use runs a tool and gives what the model is told about it.
func use(ctx context.Context, call toolCall) string {
	tool, ok := tools[call.Function.Name]
	if !ok {
		return "error: there is no tool " + call.Function.Name
	}
	result, err := sentrial.Tool(ctx, call.Function.Name, json.RawMessage(call.Function.Arguments), tool, sentrial.WithCallID(call.ID))
	if err != nil {
		sentrial.ReportError(ctx, err, sentrial.Recoverable("tell the model"))
		return "error: " + err.Error()
	}
	return result
}
