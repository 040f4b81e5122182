package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// seed makes every run take the same events.
const seed = 1

// ingestFigure is what taking events cost, the median of some runs.
type ingestFigure struct {
	Batch     int     `json:"batch"` // events a request
	Search    bool    `json:"search"`
	PerSecond float64 `json:"events_per_second"` // until the last was acknowledged
	CPU       float64 `json:"cpu_us_per_event"`  // of the server's process, until all could be found by their words
	Bytes     float64 `json:"bytes_per_event"`   // of the file
}

// ingestRuns measures each kind of run in turn, so that a slow minute of the machine hits all of them.
func (b *bench) ingestRuns(ctx context.Context) ([]ingestFigure, error) {
	if b.ingest == 0 {
		return nil, nil
	}
	kinds := []ingestFigure{{Batch: 100, Search: true}, {Batch: 1000, Search: true}, {Batch: 100}, {Batch: 1000}}
	runs := make([][]ingestFigure, len(kinds))
	for round := range b.rounds {
		for i, kind := range kinds {
			b.say("round %d of %d: %d events, %d a request, search %v", round+1, b.rounds, b.ingest, kind.Batch, kind.Search)
			figure, err := b.ingestRun(ctx, kind)
			if err != nil {
				return nil, err
			}
			runs[i] = append(runs[i], figure)
		}
	}
	for i := range kinds {
		kinds[i].PerSecond = median(runs[i], func(f ingestFigure) float64 { return f.PerSecond })
		kinds[i].CPU = median(runs[i], func(f ingestFigure) float64 { return f.CPU })
		kinds[i].Bytes = median(runs[i], func(f ingestFigure) float64 { return f.Bytes })
	}
	return kinds, nil
}

func median(runs []ingestFigure, of func(ingestFigure) float64) float64 {
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = of(r)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// ingestRun sends events to a server over an empty file.
func (b *bench) ingestRun(ctx context.Context, kind ingestFigure) (ingestFigure, error) {
	file := filepath.Join(b.dir, "ingest.db")
	defer func() { removeStore(file) }()
	var flags []string
	if !kind.Search {
		flags = append(flags, "--no-search")
	}
	p, err := b.start(ctx, file, flags...)
	if err != nil {
		return kind, err
	}
	took, err := p.fill(ctx, b.ingest, kind.Batch)
	if err == nil && kind.Search {
		err = p.awaitSearch(ctx)
	}
	cpu, stopErr := p.stop()
	if err != nil {
		return kind, err
	}
	if stopErr != nil {
		return kind, stopErr
	}
	info, err := os.Stat(file)
	if err != nil {
		return kind, err
	}
	n := float64(b.ingest)
	kind.PerSecond, kind.CPU, kind.Bytes = n/took.Seconds(), float64(cpu.Microseconds())/n, float64(info.Size())/n
	return kind, nil
}

func removeStore(file string) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(file + suffix)
	}
}

// senders are the connections that bring events at the same time.
const senders = 4

// lastWord is in the last event of a fill and in no other.
const lastWord = "zzlastofall"

// fill sends events and returns how long it took until all were acknowledged.
func (p *process) fill(ctx context.Context, events, batch int) (time.Duration, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	bodies, failed := make(chan []byte, senders), make(chan error, senders+1)
	go func() {
		defer close(bodies)
		failed <- makeBodies(ctx, events, batch, bodies)
	}()
	began := time.Now()
	for range senders {
		go func() { failed <- p.send(ctx, bodies) }()
	}
	for range senders + 1 {
		if err := <-failed; err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

func (p *process) send(ctx context.Context, bodies <-chan []byte) error {
	for body := range bodies {
		if err := p.post(ctx, body); err != nil {
			return err
		}
	}
	return nil
}

func (p *process) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/v1/events", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	reply, err := io.ReadAll(res.Body)
	var counts struct {
		Rejected []json.RawMessage `json:"rejected"`
	}
	if err != nil || res.StatusCode != http.StatusOK || json.Unmarshal(reply, &counts) != nil || len(counts.Rejected) > 0 {
		return fmt.Errorf("POST /v1/events: %s %.300s %w", res.Status, reply, err)
	}
	return nil
}

// client keeps a connection for each sender.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}, Timeout: time.Minute}

// awaitSearch returns once the last event's words are found.
func (p *process) awaitSearch(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		page, err := p.get(ctx, "/v1/sessions?limit=1&q="+url.QueryEscape(lastWord))
		if err != nil {
			return err
		}
		if bytes.Contains(page, []byte(`"id"`)) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *process) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s %.300s", path, res.Status, body)
	}
	return body, err
}
