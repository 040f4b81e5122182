package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

const (
	producers   = 4
	sessions    = 1000             // used in turn
	queueBytes  = 8 << 20          // small, so that outages fill it and what it holds on to is soon at its most
	timeout     = 3 * time.Second  // of a request: that is what a hang costs
	drainWithin = 10 * time.Minute // of one step
)

// soak is a run.
type soak struct {
	plan    plan
	out     io.Writer
	client  *sentrial.Client
	child   *child
	started time.Time
	samples []sample
}

// run does what p says and reports to out. The error says what did not hold.
func run(ctx context.Context, p plan, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "soak-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &soak{plan: p, out: out, started: time.Now(), samples: make([]sample, 0, p.steps)}
	file := filepath.Join(dir, "ledger")
	if s.child, err = startChild(ctx, p, file); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d events, -seed %d\n", p.events, p.seed)
	if err := s.send(ctx); err != nil {
		return errors.Join(err, s.child.stop())
	}
	if err := s.child.stop(); err != nil {
		return fmt.Errorf("the receiver ended badly: %w", err)
	}
	return s.verdict(file)
}

// send makes the client, sends everything and closes the client.
func (s *soak) send(ctx context.Context) (err error) {
	s.client, err = sentrial.New(
		sentrial.WithAPIURL("http://"+s.child.addr), sentrial.WithQueueBytes(queueBytes), sentrial.WithOverflow(sentrial.Block),
		sentrial.WithTimeout(timeout), sentrial.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(ctx, drainWithin)
		defer cancel()
		err = errors.Join(err, s.client.Close(ctx))
	}()
	for step := range s.plan.steps {
		if err := s.step(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// step sends the events of a step, waits until they are delivered, and takes a sample.
func (s *soak) step(ctx context.Context, step int) error {
	first, end := s.bound(step), s.bound(step+1)
	var kill sync.WaitGroup
	var killErr error
	if s.kills(step) {
		kill.Go(func() { killErr = s.child.restart(ctx) })
	}
	err := s.produce(ctx, first, end)
	kill.Wait()
	if err = errors.Join(err, killErr); err != nil {
		return err
	}
	drain, cancel := context.WithTimeout(ctx, drainWithin)
	defer cancel()
	if err := s.client.Flush(drain); err != nil {
		return fmt.Errorf("after %d events: %w", end, err)
	}
	rest := mostAtRest
	if len(s.samples) > 0 {
		rest = s.samples[0].goroutines.sdk
	}
	s.samples = append(s.samples, measure(end, rest))
	s.progress()
	return nil
}

// bound is the number of events before a step.
func (s *soak) bound(step int) uint64 {
	return s.plan.events/uint64(s.plan.steps)*uint64(step) + s.plan.events%uint64(s.plan.steps)*uint64(step)/uint64(s.plan.steps)
}

// kills says whether the receiver is killed in a step: the kills are spread evenly.
func (s *soak) kills(step int) bool {
	return (step+1)*s.plan.kills/s.plan.steps > step*s.plan.kills/s.plan.steps
}

// produce records the events from first to before end, from several goroutines.
func (s *soak) produce(ctx context.Context, first, end uint64) error {
	var next atomic.Uint64
	next.Store(first)
	var refused atomic.Uint64
	var wg sync.WaitGroup
	for range producers {
		wg.Go(func() {
			for n := next.Add(1) - 1; n < end && ctx.Err() == nil; n = next.Add(1) - 1 {
				if s.track(ctx, n) == "" {
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := refused.Load(); n > 0 && ctx.Err() == nil {
		return fmt.Errorf("%d events were refused: %+v", n, s.client.Stats())
	}
	return ctx.Err()
}

// input tells the receiver which event it is.
type input struct {
	N    uint64 `json:"n"`
	Path string `json:"path"`
}

func (s *soak) track(ctx context.Context, n uint64) string {
	session := s.client.Session(fmt.Sprintf("soak_%d", n%sessions))
	return session.TrackToolCall(ctx, types.ToolCall{
		ToolName: "read_file", ToolInput: input{n, "/var/log/app.log"}, ToolOutput: "nothing unusual was found", Duration: time.Millisecond,
	})
}
