// Command frompython runs one of the Go blocks of docs/from-python.md, by its number. TestPythonPageRuns puts the blocks beside this file when it builds the
// program: without them it does not compile.
package main

import (
	"context"
	"errors"
	"log"
	"os"
	"strconv"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// What the blocks use without saying where it comes from.
var (
	ctx     = context.Background()
	client  *sentrial.Client
	session *sentrial.Session

	customer = "user_123"
	question = "Where is my order?"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if client, err = sentrial.New(); err != nil {
		log.Fatal(err)
	}
	ctx, session = client.CreateSession(ctx, "around the block")
	blocks[n]()
	if err := client.Close(ctx); err != nil {
		log.Fatal(err)
	}
}

// findOrder finds something and fails all the same, so that input, output and error can be seen in one call.
func findOrder(context.Context, string) ([]string, error) {
	return []string{"A-17"}, errors.New("carrier: no answer")
}

func cached(string) []string { return []string{"A-16"} }

func askModel(_ context.Context, call *types.LLMCall) (string, error) {
	call.Usage = types.Usage{PromptTokens: 100, CompletionTokens: 150}
	return "Look into the orders.", nil
}

func agent(context.Context, string) (string, error) { return "The order arrives on Friday", nil }

func use(...any) {}
