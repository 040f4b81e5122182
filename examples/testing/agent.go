// Command testing is an agent whose test, agent_test.go, looks at what the agent recorded rather than at its insides.
//
//	go test ./examples/testing
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/testing
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// search looks a question up.
type search func(ctx context.Context, question string) (string, error)

func main() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	answer, err := assist(ctx, client, "opening hours", in(nil), in(map[string]string{"opening hours": "9 to 17"}))
	fmt.Println(answer)
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

// assist answers from the manual, or else from the questions asked before.
func assist(ctx context.Context, client *sentrial.Client, question string, manual, faq search) (answer string, err error) {
	err = client.Run(ctx, "assist", func(ctx context.Context) (err error) {
		sentrial.Decide(ctx, types.Decision{
			Reasoning: "The manual is checked by people.", Alternatives: []string{"manual", "faq"}, Chosen: "manual", Confidence: sentrial.Ptr(0.8),
		})
		if answer, err = sentrial.Tool(ctx, "search_manual", question, manual); err == nil {
			return nil
		}
		sentrial.ReportError(ctx, err, sentrial.Recoverable("search the FAQ"))
		answer, err = sentrial.Tool(ctx, "search_faq", question, faq)
		return err
	}, sentrial.WithInput(question))
	return answer, err
}

var errNothing = errors.New("nothing found")

// in searches a map.
func in(texts map[string]string) search {
	return func(_ context.Context, question string) (string, error) {
		if text, ok := texts[question]; ok {
			return text, nil
		}
		return "", errNothing
	}
}
