// Command serverless is a function of the kind that a platform calls: one process answers one invocation after the other, and between two of them it may be
// frozen, with what still waits in memory, or ended for good. So each invocation flushes before it answers, in the time that it has left.
//
//	echo Ann | SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/serverless -limit 3s
//
// main stands for the platform: each line of standard input is an invocation, and its result a line of standard output.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/sentrial/sentrial-go"
)

// margin is what an invocation keeps of its time to answer.
const margin = 100 * time.Millisecond

// client is made at the cold start, for all invocations of this process. nil records nothing.
var client *sentrial.Client

func main() {
	limit := flag.Duration("limit", 3*time.Second, "what an invocation may take")
	flag.Parse()
	var err error
	if client, err = sentrial.New(); err != nil {
		slog.Error("the function works without telemetry", "error", err)
	}
	for invocations := bufio.NewScanner(os.Stdin); invocations.Scan(); {
		ctx, cancel := context.WithTimeout(context.Background(), *limit)
		if greeting, err := handle(ctx, invocations.Text()); err != nil {
			fmt.Println("error:", err)
		} else {
			fmt.Println(greeting)
		}
		cancel()
	}
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	if err := client.Close(ctx); err != nil {
		slog.Warn("telemetry is lost", "error", err)
	}
}

// handle is the function.
func handle(ctx context.Context, name string) (greeting string, err error) {
	defer flush(ctx)
	err = client.Run(ctx, "greet", func(ctx context.Context) (err error) {
		greeting, err = sentrial.Tool(ctx, "compose", name, compose)
		return err
	}, sentrial.WithInput(name))
	return greeting, err
}

// flush waits for delivery until shortly before the deadline of ctx, also for a caller that has hung up. What is late waits for the next invocation.
func flush(ctx context.Context) {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(time.Second)
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline.Add(-margin))
	defer cancel()
	if err := client.Flush(ctx); err != nil {
		slog.Warn("telemetry is late", "error", err)
	}
}

func compose(_ context.Context, name string) (string, error) {
	if name == "" {
		return "", errors.New("there is nobody to greet")
	}
	return "hello " + name, nil
}
