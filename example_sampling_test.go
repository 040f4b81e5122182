package sentrial_test

import (
	"context"
	"fmt"
	"log"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// The id of a session decides whether it is recorded, so two processes that work on it agree without asking each other.
func ExampleWithSampleRate() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()
	newClient := func() *sentrial.Client {
		client, err := sentrial.New(sentrial.WithAPIURL(server.URL), sentrial.WithSampleRate(0.3))
		if err != nil {
			log.Fatal(err)
		}
		return client
	}
	frontend, worker := newClient(), newClient()

	for n := range 10 {
		ctx, session := frontend.CreateSession(ctx, fmt.Sprint("request ", n), sentrial.WithSessionID(fmt.Sprint("request-", n)))
		message := sentrial.MapCarrier{}
		sentrial.Inject(ctx, message)

		_ = sentrial.Step(worker.Extract(context.Background(), message), fmt.Sprint("work on ", n), func(context.Context) error { return nil })
		session.Close(ctx, types.SessionResult{})
	}
	for _, client := range []*sentrial.Client{frontend, worker} {
		if err := client.Close(ctx); err != nil {
			log.Fatal(err)
		}
		stats := client.Stats()
		fmt.Println("recorded", stats.Delivered, "left out", stats.Refused[sentrial.DropSampled])
	}
	// Output:
	// recorded 6 left out 14
	// recorded 3 left out 7
}
