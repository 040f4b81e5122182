// Crowd is a program of 100,000 goroutines that all record at once while the server cannot be reached. It prints as JSON what became of their events, and the most memory
// that it held.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

var (
	goroutines = flag.Int("goroutines", 100_000, "how many there are")
	events     = flag.Int("events", 2, "how many each of them records")
	queue      = flag.Int("queue", 32<<20, "the bound of the queue in bytes")
	overflow   = flag.String("overflow", "drop_oldest", "what happens beyond it")
	spool      = flag.String("spool", "", "directory of the spool")
	wait       = flag.Duration("wait", 0, "when the context of all calls is cancelled")
)

var overflows = map[string]sentrial.Overflow{
	"drop_oldest": sentrial.DropOldest, "drop_newest": sentrial.DropNewest, "block": sentrial.Block, "degrade": sentrial.Degrade,
}

type result struct {
	Peak     int64  // bytes
	Returned uint64 // ids that Track returned
	Stats    sentrial.Stats
}

func main() {
	flag.Parse()
	options := []sentrial.Option{sentrial.WithQueueBytes(*queue), sentrial.WithOverflow(overflows[*overflow])}
	if *spool != "" {
		options = append(options, sentrial.WithSpool(*spool))
	}
	client, err := sentrial.New(options...)
	if err != nil {
		log.Fatal(err)
	}
	request()
	r := result{Returned: crowd(client)}
	r.Stats = client.Stats()
	r.Stats.LastError = nil
	r.Peak = peak()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = client.Close(ctx)
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		log.Fatal(err)
	}
}

// crowd lets all goroutines begin together, when all of them are there.
func crowd(client *sentrial.Client) uint64 {
	ctx, cancel := context.WithCancel(context.Background())
	if *wait == 0 {
		cancel()
	} else {
		defer time.AfterFunc(*wait, cancel).Stop()
	}
	defer cancel()
	var returned atomic.Uint64
	var there, all sync.WaitGroup
	there.Add(*goroutines)
	begin := make(chan struct{})
	session := client.Session("crowd")
	text := strings.Repeat("what the tool said. ", 100)
	for i := range *goroutines {
		all.Go(func() {
			grow(i)
			there.Done()
			<-begin
			for j := range *events {
				if session.TrackToolCall(ctx, types.ToolCall{ToolName: "crowd", ToolInput: i, ToolOutput: text[:1000+(i+j)*37%800]}) != "" {
					returned.Add(1)
				}
			}
		})
	}
	there.Wait()
	close(begin)
	all.Wait()
	return returned.Load()
}

// grow gives a goroutine the stack that it has after any request of the program's own. With GODEBUG=gcshrinkstackoff=1 it keeps it, so that what stacks take is the same
// with and without a client that records.
//
//go:noinline
func grow(i int) byte {
	var stack [5 << 10]byte
	stack[i%len(stack)] = 1
	return stack[(i+1)%len(stack)]
}

// request is one of the program's own: the code that it brings into memory is there without the SDK too.
func request() {
	if reply, err := http.Get(os.Getenv("CROWD_URL")); err == nil {
		_ = reply.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
}
