package main

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// tally counts events by type, from several goroutines.
type tally struct {
	mu     sync.Mutex
	counts map[types.EventType]uint64
}

func (t *tally) add(events []types.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range events {
		t.counts[e.Type]++
	}
}

func (t *tally) events() (n uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, count := range t.counts {
		n += count
	}
	return n
}

func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("%d sessions, %d tool calls, %d LLM calls", t.counts[types.EventSessionStart], t.counts[types.EventToolCall], t.counts[types.EventLLMCall])
}

// record hands every event of the files to the client.
func record(ctx context.Context, client *sentrial.Client, files []source, parallel int) (*tally, error) {
	done := &tally{counts: make(map[types.EventType]uint64)}
	terminal := isTerminal(os.Stderr)
	err := eachRun(ctx, files, parallel, func(ctx context.Context, events []types.Event) error {
		for _, e := range events {
			if client.Record(ctx, e) == "" {
				return fmt.Errorf("event %s was not accepted (refused: %v)", e.ID, client.Stats().Refused)
			}
		}
		done.add(events)
		if terminal {
			fmt.Fprintf(os.Stderr, "\r%s ", done)
		}
		return nil
	})
	if terminal {
		fmt.Fprintln(os.Stderr)
	}
	return done, err
}

// isTerminal says whether somebody may be looking.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
