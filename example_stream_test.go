package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// A streamed answer begins before it is known. However the function returns, End says with what had come.
func ExampleStartLLM() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	tokens := slices.Values([]string{"Because ", "of ", "Rayleigh ", "scattering."}) // from the model
	ask := func(ctx context.Context, question string) (err error) {
		_, call := sentrial.StartLLM(ctx, types.LLMCall{Model: "small-1", Prompt: question})
		defer func() { call.End(err) }()
		for token := range tokens {
			call.FirstToken() // the first time counts
			call.Response += token
		}
		call.Usage = types.Usage{PromptTokens: 6, CompletionTokens: 4}
		fmt.Println(call.Response)
		return nil
	}
	err = client.Run(ctx, "explain", func(ctx context.Context) error {
		return ask(ctx, "Why is the sky blue?")
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}

	server.printEvents()
	// Output:
	// Because of Rayleigh scattering.
	// session_start explain
	// llm_call small-1 "Because of Rayleigh scattering." success
	// session_end - success
}
