package main

import (
	"context"
	"sync"

	"github.com/sentrial/sentrial-go/types"
)

// eachRun calls fn with the events of every run of the files, n runs at a time, in no certain order. The first error ends it and comes back.
func eachRun(ctx context.Context, files []source, n int, fn func(context.Context, []types.Event) error) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	work := make(chan []types.Event)
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for events := range work {
				if err := fn(ctx, events); err != nil {
					fail(err)
				}
			}
		})
	}
	if err := readInto(ctx, work, files); err != nil {
		fail(err)
	}
	close(work)
	workers.Wait()
	return context.Cause(ctx)
}

// readInto reads the files one after the other, only as fast as work is taken.
func readInto(ctx context.Context, work chan<- []types.Event, files []source) error {
	for _, file := range files {
		index := 0
		for run, err := range file.runs() {
			if err != nil {
				return err
			}
			select {
			case work <- file.events(index, run):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			index++
		}
	}
	return nil
}
