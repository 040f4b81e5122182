// Command quickstart records one session with one tool call. With a server on this machine (go run ./server/cmd/sentrial serve):
//
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/quickstart
//
// With SENTRIAL_API_KEY alone it goes to the hosted API; with neither, nothing is recorded and the program runs all the same.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/sentrial/sentrial-go"
)

func main() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	err = client.Run(ctx, "quickstart", func(ctx context.Context) error {
		sum, err := sentrial.Tool(ctx, "add", []int{19, 23}, add)
		fmt.Println("19 + 23 =", sum)
		return err
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

func add(_ context.Context, numbers []int) (sum int, err error) {
	for _, n := range numbers {
		sum += n
	}
	return sum, nil
}
