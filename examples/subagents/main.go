// Command subagents splits a job: the lead agent gives each file to a sub-agent of its own, all at once. A session that is opened under another one's
// context names it as its parent, so the tree of agents is recorded without more ado.
//
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/subagents go.mod go.sum
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

func main() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	files := os.Args[1:]
	err = client.Run(ctx, "count words", func(ctx context.Context) error {
		return lead(ctx, client, files)
	}, sentrial.WithAgentName("lead"), sentrial.WithInput(files))
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

// lead waits for all sub-agents; the errors of those that failed are its own.
func lead(ctx context.Context, client *sentrial.Client, files []string) error {
	counts, errs := make([]int, len(files)), make([]error, len(files))
	var agents sync.WaitGroup
	for i, file := range files {
		agents.Go(func() {
			errs[i] = client.Run(ctx, "count words of "+file, func(ctx context.Context) (err error) {
				counts[i], err = count(ctx, file)
				return err
			}, sentrial.WithAgentName("counter"), sentrial.WithInput(file))
		})
	}
	agents.Wait()
	total := 0
	for i, n := range counts {
		fmt.Printf("%8d %s\n", n, files[i])
		total += n
	}
	sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Output: total})
	return errors.Join(errs...)
}

// count is the whole work of a sub-agent: one tool, then one step.
func count(ctx context.Context, file string) (int, error) {
	text, err := sentrial.Tool(ctx, "read_file", file, func(_ context.Context, name string) (string, error) {
		text, err := os.ReadFile(name)
		return string(text), err
	})
	if err != nil {
		return 0, err
	}
	return sentrial.StepValue(ctx, "count", func(context.Context) (int, error) {
		return len(strings.Fields(text)), nil
	})
}
