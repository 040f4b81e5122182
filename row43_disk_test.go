package sentrial_test

import (
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/spool"
)

// gate holds all requests back until release is closed.
type gate struct {
	release <-chan struct{}
	inner   http.RoundTripper
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	<-g.release
	return g.inner.RoundTrip(r)
}

// TestRow43SyncFails: what could not be carried to the disk is not called durable, the log says so once, and everything is delivered.
func TestRow43SyncFails(t *testing.T) {
	for _, every := range []time.Duration{0, time.Millisecond} {
		log := new(logged)
		broken := func(*spool.Segment) error { return syscall.EIO }
		release := make(chan struct{}) // what is delivered needs no sync
		client := spoolClient(t, &gate{release, newScript(t)}, t.TempDir(), sentrial.WithSpoolSync(every), sentrial.WithDisk(broken), sentrial.WithLogger(log.logger()))
		record(t, client, 100)
		waitFor(t, func() bool { return len(log.lines()) > 0 })
		close(release)
		flush(t, client)
		checkStats(t, client, 100, 0, nothing)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if all := log.lines(); len(all) != 1 || !strings.Contains(all[0], "input/output error") {
			t.Errorf("the log has %q", all)
		}
	}
}

// TestRow46SlowDisk: a disk that takes its time for a sync does not hold up who records, and those who asked to wait for it share a sync.
func TestRow46SlowDisk(t *testing.T) {
	syncing, release := make(chan struct{}, 1000), make(chan struct{})
	slow := func(s *spool.Segment) error {
		syncing <- struct{}{}
		<-release
		return s.Sync()
	}
	client := spoolClient(t, newScript(t), t.TempDir(), sentrial.WithSpoolSync(time.Millisecond), sentrial.WithDisk(slow))
	record(t, client, 1)
	<-syncing
	record(t, client, 20_000) // many slabs, while the disk does nothing
	close(release)
	flush(t, client)
	checkStats(t, client, 20_001, 0, nothing)
}

// TestRow46GroupCommit: goroutines that wait for the disk at every event share its syncs.
func TestRow46GroupCommit(t *testing.T) {
	const callers = 16
	first, release, syncs := make(chan struct{}), make(chan struct{}), 0
	slow := func(s *spool.Segment) error {
		if syncs++; syncs == 1 { // always the same goroutine
			close(first)
			<-release
		}
		return s.Sync()
	}
	client := spoolClient(t, newScript(t), t.TempDir(), sentrial.WithSpoolSync(0), sentrial.WithDisk(slow), sentrial.WithFlushInterval(time.Hour))
	done := make(chan struct{})
	go func() {
		defer close(done)
		var all sync.WaitGroup
		for range callers {
			all.Go(func() { record(t, client, 1) })
		}
		all.Wait()
	}()
	<-first
	waitFor(t, func() bool { return client.Stats().Accepted == callers })
	close(release)
	<-done
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if syncs > callers/4 {
		t.Errorf("%d syncs for %d callers", syncs, callers)
	}
}
