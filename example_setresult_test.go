package sentrial_test

import (
	"context"
	"errors"
	"log"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// SetResult says what came of a session while it runs; Run adds how it ended.
func ExampleSession_SetResult() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	err = client.Run(ctx, "support", func(ctx context.Context) error {
		sentrial.Decide(ctx, types.Decision{
			Reasoning: "the articles did not help", Alternatives: []string{"another article", "escalate"}, Chosen: "escalate", Confidence: sentrial.Ptr(0.85),
		})
		sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{
			Summary: "handed over to a person", Metrics: map[string]float64{"articles_tried": 3},
		})
		return nil
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}

	server.printEvents()
	// Output:
	// session_start support
	// decision escalate
	// session_end "handed over to a person" success
}
