package main

import (
	"context"
	"iter"
	"sync/atomic"
)

// job is a row that runs, or waits for its turn.
type job struct {
	row    row
	done   atomic.Int64 // events recorded
	over   atomic.Bool
	result chan *result
}

// schedule runs the rows, some at a time, and gives their results in the order of the table. watch is told of all of them at the start, and returns what ends
// its watching.
func schedule(ctx context.Context, s settings, connect connector, watch func([]*job) (stop func())) iter.Seq[*result] {
	return func(yield func(*result) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		jobs := make([]*job, len(s.rows))
		for i, r := range s.rows {
			jobs[i] = &job{row: r, result: make(chan *result, 1)}
		}
		defer watch(jobs)()
		turns := make(chan struct{}, s.parallel)
		go func() {
			for _, j := range jobs {
				turns <- struct{}{}
				go func() {
					defer func() { <-turns }()
					j.run(ctx, s.load, connect)
				}()
			}
		}()
		for _, j := range jobs {
			if !yield(<-j.result) {
				return
			}
		}
	}
}

func (j *job) run(ctx context.Context, l load, connect connector) {
	res := newResult(j.row, l)
	o, err := play(ctx, j.row, l, connect, &j.done)
	if o != nil {
		res.fill(o)
		res.Problems = append(res.Problems, judge(j.row, l, o)...)
	}
	if err != nil {
		res.Problems = append(res.Problems, err.Error())
	}
	res.Met = len(res.Problems) == 0
	j.over.Store(true)
	j.result <- res
}
