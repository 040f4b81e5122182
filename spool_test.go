package sentrial_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// spoolClient is a client with a spool.
func spoolClient(t *testing.T, rt http.RoundTripper, dir string, opts ...sentrial.Option) *sentrial.Client {
	t.Helper()
	return newClient(t, rt, append([]sentrial.Option{sentrial.WithSpool(dir)}, opts...)...)
}

// closeQuickly closes a client that cannot deliver.
func closeQuickly(t *testing.T, client *sentrial.Client) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	return client.Close(ctx)
}

// TestRow39SpoolOutlivesTheClient: what a client could not deliver is delivered by the next one, once.
func TestRow39SpoolOutlivesTheClient(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	client := spoolClient(t, newScript(t, status(503), status(503), status(503)), dir)
	ids := record(t, client, 2000)
	err := closeQuickly(t, client)
	var incomplete *sentrial.IncompleteError
	if !errors.As(err, &incomplete) || !strings.Contains(err.Error(), "2000 of them in the spool") {
		t.Errorf("Close: %v", err)
	}
	if s := client.Stats(); s.Queued != 2000 || s.Spooled != 2000 || len(s.Dropped) > 0 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}

	server := newScript(t)
	next := spoolClient(t, server, dir)
	ids = append(ids, record(t, next, 10)...)
	waitFor(t, func() bool { return next.Stats().Delivered == 2010 })
	if err := next.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s := next.Stats(); s.Recovered != 2000 || s.Accepted != 10 || s.Queued != 0 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
	seen := map[string]int{}
	for _, r := range server.requests() {
		for _, id := range r.ids {
			seen[id]++
		}
	}
	for _, id := range ids {
		if seen[id] != 1 {
			t.Fatalf("event %s was sent %d times", id, seen[id])
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

// waitFor waits until a condition holds that other goroutines bring about by themselves.
func waitFor(t *testing.T, met func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !met(); {
		if time.Now().After(deadline) {
			t.Fatal("it has not happened within a minute")
		}
		<-time.After(5 * time.Millisecond)
	}
}

// TestSpoolUsesItsFilesAgain: many more events than the queue holds go through the same few files.
func TestSpoolUsesItsFilesAgain(t *testing.T) {
	dir := t.TempDir()
	client := spoolClient(t, newScript(t), dir, sentrial.WithBatchBytes(32<<10), sentrial.WithQueueBytes(1<<20), sentrial.WithOverflow(sentrial.Block), sentrial.WithFlushInterval(10*time.Millisecond))
	record(t, client, 30_000)
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	checkStats(t, client, 30_000, 0, nothing)
}

// TestSpoolWithoutDirectory: what is no directory, or not to be written to, leaves the client with its memory, and says so once.
func TestSpoolWithoutDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	log := new(logged)
	client := spoolClient(t, newScript(t), file, sentrial.WithLogger(log.logger()))
	record(t, client, 10)
	flush(t, client)
	checkStats(t, client, 10, 0, nothing)
	waitFor(t, func() bool { return len(log.lines()) == 1 })
	if line := log.lines()[0]; !strings.Contains(line, "spool") {
		t.Errorf("logged %q", line)
	}
}

// TestRow51SpoolEvicts the oldest file when the bound is reached, under a reason of its own.
func TestRow51SpoolEvicts(t *testing.T) {
	client := spoolClient(t, newScript(t, status(403)), t.TempDir(), sentrial.WithQueueBytes(256<<10))
	record(t, client, 10)
	waitFor(t, func() bool { return client.Stats().Requests == 1 })
	record(t, client, 5000)
	if err := closeQuickly(t, client); err == nil {
		t.Error("Close has nothing to say")
	}
	s := client.Stats()
	if s.Dropped[sentrial.DropSpoolEvicted] == 0 || s.Spooled == 0 || len(s.Refused) > 0 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
}

// TestSpoolSync: with 0 each call has waited for the disk, and everything goes on as usual.
func TestSpoolSync(t *testing.T) {
	for _, every := range []time.Duration{0, 10 * time.Millisecond} {
		client := spoolClient(t, newScript(t), t.TempDir(), sentrial.WithSpoolSync(every))
		record(t, client, 50)
		flush(t, client)
		checkStats(t, client, 50, 0, nothing)
	}
	if _, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithSpoolSync(-time.Second)); err == nil {
		t.Error("a negative interval was taken")
	}
}

// TestSpoolLargeEvents have a file of their own.
func TestSpoolLargeEvents(t *testing.T) {
	dir := t.TempDir()
	client := spoolClient(t, newScript(t, status(503)), dir)
	id := client.Session("s").TrackStep(t.Context(), types.Step{Name: "large", Input: strings.Repeat("x", 900<<10)})
	if s := client.Stats(); id == "" || s.Spooled != 1 {
		t.Errorf("%+v", s)
	}
	_ = closeQuickly(t, client)
	server := newScript(t)
	next := spoolClient(t, server, dir)
	waitFor(t, func() bool { return next.Stats().Delivered == 1 })
}

// TestSpoolCloseWhileRecovering: a client that is closed while it takes over what others left has delivered all that it took, and leaves the rest to the next one.
func TestSpoolCloseWhileRecovering(t *testing.T) {
	dir := t.TempDir()
	const events = 300
	first := spoolClient(t, newScript(t, status(403)), dir, sentrial.WithBatchBytes(1000))
	record(t, first, events)
	if err := closeQuickly(t, first); err == nil {
		t.Fatal("Close has nothing to say")
	}
	var recovered uint64
	for recovered < events {
		client := spoolClient(t, newScript(t), dir)
		for client.Stats().Recovered == 0 {
			runtime.Gosched()
		}
		err := client.Close(t.Context())
		s := client.Stats()
		if recovered += s.Recovered; err != nil || s.Delivered != s.Recovered || lawOf(s) != nil {
			t.Fatalf("%v: %+v", err, s)
		}
	}
	if recovered != events {
		t.Errorf("%d events were taken over, want %d", recovered, events)
	}
}
