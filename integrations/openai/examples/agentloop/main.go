// Command agentloop is an agent on OpenAI's own client: the model asks for tools, the program runs them and asks again, until the model answers. One option
// records all calls of the model; each tool is recorded by sentrial.Tool. In integrations/openai:
//
//	OPENAI_API_KEY=… SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/agentloop "What time is it in Asia/Tokyo?"
//
// Without OPENAI_API_KEY a stand-in in this process answers; it is no model. `sentrial serve` listens at the address above and shows what came.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/openai/openai-go/v3"

	"github.com/sentrial/sentrial-go"
	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
	"github.com/sentrial/sentrial-go/types"
)

func main() {
	question := cmp.Or(strings.Join(os.Args[1:], " "), "What time is it in Asia/Tokyo?")
	if err := run(context.Background(), os.Stdout, question); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, question string) error {
	client, err := sentrial.New()
	if err != nil {
		return err
	}
	options, stop, err := provider(out)
	if err != nil {
		return err
	}
	defer stop()
	model := openai.NewClient(append(options, sentrialopenai.WithTracking(client))...) // this is the one line
	err = client.Run(ctx, "agentloop", func(ctx context.Context) error {
		text, err := answer(ctx, model, question)
		sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Output: text})
		fmt.Fprintln(out, text)
		return err
	}, sentrial.WithAgentName("clock-agent"), sentrial.WithInput(question))
	return errors.Join(err, client.Close(ctx))
}

// answer is the loop.
func answer(ctx context.Context, model openai.Client, question string) (string, error) {
	talk := []openai.ChatCompletionMessageParamUnion{openai.UserMessage(question)}
	for range 10 {
		reply, err := model.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{Model: modelName(), Messages: talk, Tools: offered})
		if err != nil {
			return "", err
		}
		if len(reply.Choices) == 0 {
			return "", errors.New("the model gave no choice")
		}
		message := reply.Choices[0].Message
		if len(message.ToolCalls) == 0 {
			return message.Content, nil
		}
		talk = append(talk, message.ToParam())
		for _, call := range message.ToolCalls {
			talk = append(talk, openai.ToolMessage(use(ctx, call), call.ID))
		}
	}
	return "", errors.New("no answer after 10 turns")
}
