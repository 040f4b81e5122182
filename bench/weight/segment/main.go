// A program that records one event with Segment.
package main

import (
	"os"

	"gopkg.in/segmentio/analytics-go.v3"
)

func main() {
	if len(os.Args) < 2 { // what counts is what was linked and what ran before main
		return
	}
	client, err := analytics.NewWithConfig("key", analytics.Config{Endpoint: os.Args[1]})
	if err != nil {
		panic(err)
	}
	_ = client.Enqueue(analytics.Track{UserId: "user", Event: "hello"})
	_ = client.Close()
}
