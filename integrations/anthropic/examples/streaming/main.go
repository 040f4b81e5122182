// Command streaming prints an answer of Claude as it comes. One option records it: what was said until the end, or until somebody walked away, when the first token
// came, and the tokens of all classes. In integrations/anthropic:
//
//	ANTHROPIC_API_KEY=… SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/streaming "Why is the sky blue?"
//
// Without ANTHROPIC_API_KEY a stand-in in this process answers; it is no model. `sentrial serve` listens at the address above and shows what came.
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

	"github.com/anthropics/anthropic-sdk-go"

	"github.com/sentrial/sentrial-go"
	sentrialanthropic "github.com/sentrial/sentrial-go/integrations/anthropic"
)

func main() {
	question := cmp.Or(strings.Join(os.Args[1:], " "), "Why is the sky blue?")
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
	model := anthropic.NewClient(append(options, sentrialanthropic.WithTracking(client))...) // this is the one line
	err = client.Run(ctx, "streaming", func(ctx context.Context) error {
		return ask(ctx, model, question, out)
	}, sentrial.WithInput(question))
	return errors.Join(err, client.Close(ctx))
}

func ask(ctx context.Context, model anthropic.Client, question string, out io.Writer) error {
	stream := model.Messages.NewStreaming(ctx, anthropic.MessageNewParams{
		Model:     modelName(),
		MaxTokens: 1024,
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(question))},
	})
	defer stream.Close()
	for stream.Next() {
		fmt.Fprint(out, stream.Current().Delta.Text) // empty in events that are no text
	}
	fmt.Fprintln(out)
	return stream.Err()
}
