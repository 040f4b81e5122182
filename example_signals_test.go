package sentrial_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sentrial/sentrial-go"
)

// A program that is told to stop cancels its work, which ends its sessions as cancelled, and then gives Close a context of its own: the one that was
// cancelled would leave no time to deliver.
func ExampleClient_Close() {
	server := startServer()
	defer server.Close()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err = client.Run(ctx, "long task", func(ctx context.Context) error {
		stop() // stands for the signal
		<-ctx.Done()
		return ctx.Err()
	})
	fmt.Println("stopped:", err)

	closing, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := client.Close(closing); err != nil {
		log.Println(err) // says how many events were left
	}
	server.printEvents()
	// Output:
	// stopped: context canceled
	// session_start long task
	// session_end - cancelled
}
