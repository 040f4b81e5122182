package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/sentrial/sentrial-go/bench/peer"
)

// row is one SDK of a table: a result for each round, nil where there is none.
type row struct {
	kind   peer.Kind
	rounds []*result
	errors []string
}

// filled is a table with its results.
type filled struct {
	table
	rows []*row
}

// runner makes the measurements.
type runner struct {
	settings
	progress io.Writer
}

// run fills a table. The peers take turns, and each round begins with another one, so that what disturbs the machine disturbs all of them.
func (r *runner) run(ctx context.Context, t table) filled {
	f := filled{table: t}
	for _, k := range r.peers {
		if t.covers(k) {
			f.rows = append(f.rows, &row{kind: k})
		}
	}
	n := r.rounds
	if t.once {
		n = 1
	}
	for round := range n {
		r.round(ctx, f, round, n)
	}
	return f
}

func (r *runner) round(ctx context.Context, f filled, round, of int) {
	var wg sync.WaitGroup
	for i := range f.rows {
		if ctx.Err() != nil {
			break
		}
		row := f.rows[(i+round)%len(f.rows)]
		fmt.Fprintf(r.progress, "%s, round %d of %d: %s\n", f.name, round+1, of, row.kind.Name)
		if !f.atOnce {
			r.fill(ctx, f.table, row, round)
			continue
		}
		wg.Go(func() { r.fill(ctx, f.table, row, round) })
	}
	wg.Wait()
}

func (r *runner) fill(ctx context.Context, t table, into *row, round int) {
	res, err := r.measure(ctx, t, into.kind, round)
	if err != nil {
		into.errors = append(into.errors, fmt.Sprintf("round %d: %v", round+1, err))
	}
	into.rounds = append(into.rounds, res)
}

func (r *runner) measure(ctx context.Context, t table, k peer.Kind, round int) (*result, error) {
	if t.local != nil {
		return t.local(ctx, k)
	}
	s := t.spec(r.settings)
	s.Peer = k.Name
	if r.profiles != "" {
		dir, err := filepath.Abs(r.profiles)
		if err != nil {
			return nil, err
		}
		s.Profile = filepath.Join(dir, fmt.Sprintf("%s-%s-%d.pprof", t.name, k.Name, round+1))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	mode := t.sink(r.settings)
	if mode.down {
		url, err := closedPort(ctx)
		if err != nil {
			return nil, err
		}
		s.URL = url
		return measureApart(ctx, s)
	}
	sink, err := startSink(ctx, mode.flags...)
	if err != nil {
		return nil, err
	}
	defer sink.stop()
	s.URL, s.SinkUp = sink.url, true
	return measureApart(ctx, s)
}

// closedPort is a URL at which connections are refused.
func closedPort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return "http://" + l.Addr().String(), l.Close()
}
