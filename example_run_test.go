package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/sentrial/sentrial-go"
)

// Run makes a session of a function: what its helpers record is in that session, and how it returns is how the session ends.
func ExampleClient_Run() {
	server := startServer() // in place of the ingestion API
	defer server.Close()
	ctx := context.Background()

	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	err = client.Run(ctx, "add numbers", func(ctx context.Context) error {
		sum, err := sentrial.Tool(ctx, "add", []int{19, 23}, func(_ context.Context, numbers []int) (int, error) {
			return numbers[0] + numbers[1], nil
		})
		fmt.Println("the sum is", sum)
		return err
	}, sentrial.WithUserID("user_123"))
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}

	server.printEvents()
	// Output:
	// the sum is 42
	// session_start add numbers
	// tool_call add([19 23]) = 42 success
	// session_end - success
}
