package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/sentrial/sentrial-go"
)

// A session goes on in another process: the caller injects it into the request, the worker extracts it, and what the worker does nests under the call.
func ExampleInject() {
	server := startServer()
	defer server.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	worker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := client.Extract(r.Context(), r.Header) // a worker that trusts its callers
		_ = sentrial.Step(ctx, "resize image", func(context.Context) error { return nil })
	}))
	defer worker.Close()

	err = client.Run(ctx, "publish", func(ctx context.Context) error {
		_, err := sentrial.Tool(ctx, "worker", "cat.png", func(ctx context.Context, _ string) (int, error) {
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, worker.URL, http.NoBody)
			if err != nil {
				return 0, err
			}
			sentrial.Inject(ctx, request.Header)
			reply, err := http.DefaultClient.Do(request)
			if err != nil {
				return 0, err
			}
			return reply.StatusCode, reply.Body.Close()
		})
		return err
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}

	fmt.Println("published")
	server.printEvents()
	// Output:
	// published
	// session_start publish
	// tool_call worker(cat.png) = 200 success
	//   step resize image success
	// session_end - success
}
