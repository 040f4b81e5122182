// Command streaming records a streamed answer: the LLM call begins before the request, notes when the first token came, and ends with the stream.
//
//	OPENAI_API_KEY=… SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/streaming "Why is the sky blue?"
//
// OPENAI_BASE_URL and OPENAI_MODEL choose another model. With neither a key nor a URL a stand-in in this process answers; it is no model.
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
	question := cmp.Or(strings.Join(os.Args[1:], " "), "Why is the sky blue?")
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	err = client.Run(ctx, "streaming", func(ctx context.Context) error {
		return ask(ctx, question, os.Stdout)
	}, sentrial.WithInput(question))
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

// ask prints the answer as it comes. However it returns, the call is recorded with what had come by then.
func ask(ctx context.Context, question string, out io.Writer) (err error) {
	ctx, call := sentrial.StartLLM(ctx, types.LLMCall{Model: model, Provider: "openai", Prompt: question})
	defer func() { call.End(err) }()
	for chunk, err := range stream(ctx, question) {
		if err != nil {
			return err
		}
		for _, choice := range chunk.Choices {
			if choice.Delta.Content != "" {
				call.FirstToken() // the first one counts
			}
			call.Response += choice.Delta.Content
			call.FinishReason = cmp.Or(choice.FinishReason, call.FinishReason)
			fmt.Fprint(out, choice.Delta.Content)
		}
		if chunk.Usage.CompletionTokens > 0 {
			call.Usage = types.Usage{PromptTokens: chunk.Usage.PromptTokens, CompletionTokens: chunk.Usage.CompletionTokens}
		}
	}
	_, err = fmt.Fprintln(out)
	return err
}
