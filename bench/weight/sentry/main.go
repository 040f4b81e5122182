// A program that records one transaction with Sentry.
package main

import (
	"context"
	"os"
	"time"

	"github.com/getsentry/sentry-go"
)

func main() {
	if len(os.Args) < 2 { // what counts is what was linked and what ran before main
		return
	}
	if err := sentry.Init(sentry.ClientOptions{Dsn: os.Args[1], EnableTracing: true, TracesSampleRate: 1}); err != nil {
		panic(err)
	}
	sentry.StartTransaction(context.Background(), "hello").Finish()
	sentry.Flush(time.Second)
}
