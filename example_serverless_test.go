package sentrial_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"time"

	"github.com/sentrial/sentrial-go"
)

// A function that is frozen between requests flushes before it answers: what is left in memory then may never leave it. The client is made once, and the
// wait is bounded by the request's own deadline, so that telemetry never costs the answer.
func ExampleClient_Flush() {
	server := startServer()
	defer server.Close()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL)) // at cold start
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(context.Background())

	handle := func(ctx context.Context, name string) (greeting string, err error) {
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			if err := client.Flush(ctx); err != nil {
				slog.Warn("telemetry is late", "error", err)
			}
		}()
		err = client.Run(ctx, "greet", func(context.Context) error {
			greeting = "hello " + name
			return nil
		})
		return greeting, err
	}

	greeting, err := handle(context.Background(), "ann")
	fmt.Println(greeting, err)
	server.printEvents()
	// Output:
	// hello ann <nil>
	// session_start greet
	// session_end - success
}
