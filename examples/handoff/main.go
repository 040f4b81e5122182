// Command handoff is one session of two processes: an agent gives its tool's work to a worker process, which goes on in the agent's session. The agent opens
// and closes the session; the worker finds it in what it is handed, and what it records nests under the call that it works for.
//
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/handoff README.md go.mod
//
// Between services the same travels in HTTP headers: sentrial.Inject(ctx, request.Header) here, client.Extract(ctx, request.Header) there.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"

	"github.com/sentrial/sentrial-go"
)

// job is what the worker is handed, as JSON on its standard input.
type job struct {
	Session sentrial.MapCarrier
	Files   []string
}

func main() {
	isWorker := flag.Bool("worker", false, "do the job on standard input")
	flag.Parse()
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	if *isWorker {
		err = worker(ctx, client)
	} else {
		err = agent(ctx, client, flag.Args())
	}
	if err := errors.Join(err, client.Close(ctx)); err != nil { // each process delivers what it recorded
		log.Fatal(err)
	}
}

func agent(ctx context.Context, client *sentrial.Client, files []string) error {
	return client.Run(ctx, "handoff", func(ctx context.Context) error {
		sizes, err := sentrial.Tool(ctx, "worker", files, delegate)
		if err != nil {
			return err
		}
		fmt.Println(sizes)
		return nil
	})
}

// delegate starts the worker. ctx has the session and the tool call that is under way.
func delegate(ctx context.Context, files []string) (sizes []int, err error) {
	work := job{sentrial.MapCarrier{}, files}
	sentrial.Inject(ctx, work.Session)
	input, err := json.Marshal(work)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "-worker") //nolint:gosec // this very program
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the worker: %w", err)
	}
	return sizes, json.Unmarshal(output, &sizes)
}

// worker does the job. It trusts who started it: whoever names a session may write to it.
func worker(ctx context.Context, client *sentrial.Client) error {
	var work job
	if err := json.NewDecoder(os.Stdin).Decode(&work); err != nil {
		return err
	}
	ctx = client.Extract(ctx, work.Session)
	var sizes []int
	for _, file := range work.Files {
		size, err := sentrial.Tool(ctx, "measure", file, measure)
		if err != nil {
			return err
		}
		sizes = append(sizes, size)
	}
	return json.NewEncoder(os.Stdout).Encode(sizes)
}

func measure(_ context.Context, file string) (int, error) {
	text, err := os.ReadFile(file)
	return len(text), err
}
