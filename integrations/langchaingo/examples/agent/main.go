// Command agent is an agent of langchaingo with a tool, recorded by a callback handler and by wrappers of its model and its tool. In integrations/langchaingo:
//
//	OPENAI_API_KEY=… SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/agent "What time is it in Asia/Tokyo?"
//
// Without OPENAI_API_KEY a stand-in in this process answers; it is no model. `sentrial serve` listens at the address above and shows what came; the handler prints
// it besides.
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

	"github.com/tmc/langchaingo/agents"
	"github.com/tmc/langchaingo/chains"
	"github.com/tmc/langchaingo/tools"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
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
	llm, stop, err := provider(out)
	if err != nil {
		return err
	}
	defer stop()

	handler := agents.WithCallbacksHandler(langchaingo.NewHandler(client, langchaingo.WithVerbose(out)))
	model := langchaingo.WrapModel(llm, client, langchaingo.WithVerbose(out))
	time := langchaingo.WrapTool(clock{}, client, langchaingo.WithVerbose(out))
	agent := agents.NewOpenAIFunctionsAgent(model, []tools.Tool{time}, handler)

	err = client.Run(ctx, "time", func(ctx context.Context) error {
		answer, err := chains.Run(ctx, agents.NewExecutor(agent, handler), question)
		fmt.Fprintln(out, answer)
		return err
	}, sentrial.WithAgentName("clock-agent"), sentrial.WithInput(question))
	return errors.Join(err, client.Close(ctx))
}
