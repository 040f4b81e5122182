// A program that records one event with PostHog.
package main

import (
	"os"

	"github.com/posthog/posthog-go"
)

func main() {
	if len(os.Args) < 2 { // what counts is what was linked and what ran before main
		return
	}
	client, err := posthog.NewWithConfig("key", posthog.Config{Endpoint: os.Args[1]})
	if err != nil {
		panic(err)
	}
	_ = client.Enqueue(posthog.Capture{DistinctId: "user", Event: "hello"})
	_ = client.Close()
}
