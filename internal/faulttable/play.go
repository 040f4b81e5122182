package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/hermetic"
)

const (
	// closeWithin is the deadline that the program gives Close: longer than any of the faults.
	closeWithin = 2 * time.Minute

	// apiKey is looked for in everything that is sent, and belongs into one header.
	apiKey = "sk-fault-table-canary"
)

// observed is all that is known of a row when it is over.
type observed struct {
	report   faultsink.Report
	stats    sentrial.Stats
	ids      []string
	told     map[string]sentrial.DropReason // what OnDrop heard, by id
	met      int                            // requests that met the fault
	longest  time.Duration
	closing  time.Duration
	closeErr error
}

// play runs a row. done counts the recorded events.
func play(ctx context.Context, r row, l load, connect connector, done *atomic.Int64) (*observed, error) {
	if r.burst {
		l.rate = 0
	}
	var met atomic.Int64
	sink := r.sink(r.plan(l, &met)...)
	sink.Watch(apiKey)
	net, err := connect(sink)
	if err != nil {
		return nil, err
	}
	defer net.close()
	var told drops
	client, err := newClient(net, r, &told)
	if err != nil {
		return nil, err
	}
	refusing := make(chan error, 1)
	refuseCtx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { refusing <- r.refuse(refuseCtx, l, net, client, &met) }()
	o := drive(ctx, r, l, client, done)
	stop()
	err = <-refusing
	o.met, o.report, o.told = int(met.Load()), sink.Report(), told.byID()
	return o, err
}

// newClient makes a client with nothing but a URL and a key. Its log would be in the table's way.
func newClient(net *network, r row, told *drops) (*sentrial.Client, error) {
	options := []any{sentrial.WithAPIURL(net.url), sentrial.WithAPIKey(apiKey), sentrial.WithLogger(slog.New(slog.DiscardHandler)), sentrial.WithOnDrop(told.add)}
	if r.hosted {
		options = append(options, sentrial.WithProtocol(sentrial.ProtocolHosted))
	}
	if net.client != nil {
		options = append(options, sentrial.WithHTTPClient(net.client))
	}
	client, err := hermetic.NewClient(options)
	if err != nil {
		return nil, err
	}
	return client.(*sentrial.Client), nil
}

// drive is the program under test: it records, and closes.
func drive(ctx context.Context, r row, l load, client *sentrial.Client, done *atomic.Int64) *observed {
	rec := recording{done: done, odd: r.odd}
	rec.run(ctx, client, l)
	ctx, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	began := time.Now()
	err := client.Close(ctx)
	return &observed{stats: client.Stats(), ids: rec.ids, longest: rec.longest, closing: time.Since(began), closeErr: err}
}

// refuse closes the port for the time of an outage, if the row wants that, and counts what the client tries meanwhile.
func (r row) refuse(ctx context.Context, l load, net *network, client *sentrial.Client, met *atomic.Int64) error {
	if !r.refused || !sleep(ctx, l.begin()) {
		return nil
	}
	if err := net.down(); err != nil {
		return err
	}
	before := client.Stats().Requests
	if !sleep(ctx, outage) {
		return errors.Join(fmt.Errorf("the program had ended before the outage of %v was over", outage), net.up())
	}
	met.Add(int64(client.Stats().Requests - before))
	return net.up()
}

// sleep is false if ctx was done first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
