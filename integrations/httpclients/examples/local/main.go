// Command local asks a model on this machine, which Ollama serves, with go-openai, a client that knows nothing of sentrial. The transport of its HTTP client is the
// one line that records what is asked and answered. Any endpoint that speaks the same wire does it too. In integrations/httpclients:
//
//	OLLAMA_HOST=http://127.0.0.1:11434 SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/local "Why is the sky blue?"
//
// Without OLLAMA_HOST a stand-in in this process answers; it is no model. `sentrial serve` listens at the second address and shows what came.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	openai "github.com/sashabaranov/go-openai"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
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
	url, stop, err := provider(out)
	if err != nil {
		return err
	}
	defer stop()
	config := openai.DefaultConfig("") // Ollama wants no key
	config.BaseURL = url + "/v1"
	config.HTTPClient = &http.Client{Transport: httptap.Transport(client, nil)} // this is the one line
	model := openai.NewClientWithConfig(config)
	err = client.Run(ctx, "local", func(ctx context.Context) error {
		return ask(ctx, model, question, out)
	}, sentrial.WithInput(question))
	return errors.Join(err, client.Close(ctx))
}

// ask prints the answer as it comes. The tokens of a stream are told only to who asks for them.
func ask(ctx context.Context, model *openai.Client, question string, out io.Writer) error {
	stream, err := model.CreateChatCompletionStream(ctx, openai.ChatCompletionRequest{
		Model:         cmp.Or(os.Getenv("OLLAMA_MODEL"), "llama3.2"),
		Messages:      []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: question}},
		StreamOptions: &openai.StreamOptions{IncludeUsage: true},
	})
	if err != nil {
		return err
	}
	defer stream.Close()
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			fmt.Fprintln(out)
			return nil
		}
		if err != nil {
			return err
		}
		for _, choice := range chunk.Choices {
			fmt.Fprint(out, choice.Delta.Content)
		}
	}
}
