package sentrial_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/spool"
	"github.com/sentrial/sentrial-go/types"
)

// forbidding is a server that takes nothing for now.
func forbidding(t *testing.T) http.RoundTripper {
	t.Helper()
	s := newScript(t)
	s.rest = status(403)
	return s
}

// TestSpoolHangsInASync: neither Close nor the sender waits for a disk that does not answer, whatever spans are open, and when it answers at last the files are let go of.
func TestSpoolHangsInASync(t *testing.T) {
	dir := t.TempDir()
	var hangs atomic.Bool
	release := make(chan struct{})
	disk := func(s *spool.Segment) error {
		if hangs.Load() {
			<-release
		}
		return s.Sync()
	}
	client := spoolClient(t, forbidding(t), dir, sentrial.WithSpoolSync(0), sentrial.WithDisk(disk))
	ctx, _ := client.CreateSession(t.Context(), "s", sentrial.WithSessionID("s"))
	for range 3 {
		sentrial.StartStep(ctx, types.Step{Name: "open"})
	}
	hangs.Store(true)
	began := time.Now()
	_ = closeQuickly(t, client)
	if took := time.Since(began); took > 5*time.Second { // 100 ms were asked for; the machine may be busy
		t.Errorf("Close took %v", took)
	}
	close(release)
	waitFor(t, func() bool {
		files, err := spool.Inspect(dir)
		return err == nil && !slices.ContainsFunc(files, func(f spool.Info) bool { return f.Live })
	})
	next := spoolClient(t, newScript(t), dir)
	waitFor(t, func() bool { return next.Stats().Delivered == 4 })
}

// TestSpoolFilesAreDeleted while events are in them: they are in memory then, and what Close cannot deliver is lost and says so.
func TestSpoolFilesAreDeleted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	client := spoolClient(t, forbidding(t), dir, sentrial.WithBatchBytes(16<<10))
	record(t, client, 500)
	waitFor(t, func() bool { return os.RemoveAll(dir) == nil })
	err := closeQuickly(t, client)
	var incomplete *sentrial.IncompleteError
	if !errors.As(err, &incomplete) {
		t.Fatalf("Close: %v", err)
	}
	if s := client.Stats(); s.Dropped[sentrial.DropClosed] == 0 || s.Dropped[sentrial.DropClosed]+s.Spooled != 500 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
	next := spoolClient(t, newScript(t), dir)
	want := client.Stats().Spooled
	waitFor(t, func() bool { return next.Stats().Delivered == want })
}

// TestSpoolFlushBesideClose: who flushes while the client is closed need not wait for events that stay in files.
func TestSpoolFlushBesideClose(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	client := spoolClient(t, stuckTransport(release), t.TempDir())
	record(t, client, 10)
	flushed := make(chan error)
	go func() { flushed <- client.Flush(t.Context()) }()
	waitFor(t, func() bool { return client.Stats().Requests == 1 })
	_ = closeQuickly(t, client)
	if err := <-flushed; !errors.Is(err, sentrial.ErrClosed) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Flush: %v", err)
	}
}

// TestSpoolKeepsTheOrder of a session whose events need files of different sizes.
func TestSpoolKeepsTheOrder(t *testing.T) {
	dir := t.TempDir()
	client := spoolClient(t, forbidding(t), dir, sentrial.WithBatchBytes(2<<10))
	s := client.Session("s")
	var want []string
	for i := range 40 {
		size := 10
		if i%7 == 3 {
			size = 10 << 10
		}
		want = append(want, s.TrackStep(t.Context(), types.Step{Name: "n", Input: strings.Repeat("x", size)}))
	}
	if client.Stats().Spooled != 40 {
		t.Fatalf("%+v", client.Stats())
	}
	_ = closeQuickly(t, client)
	server := newScript(t)
	next := spoolClient(t, server, dir)
	waitFor(t, func() bool { return next.Stats().Delivered == 40 })
	var got []string
	for _, r := range server.requests() {
		got = append(got, r.ids...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("sent %v\nwant %v", got, want)
	}
}

// TestSpoolDropsNothingUnasked: where the policy lets nothing go, the directory has no bound.
func TestSpoolDropsNothingUnasked(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, 8000, sentrial.WithQueueBytes(8<<20), sentrial.WithBatchBytes(64<<10))
	next := spoolClient(t, newScript(t), dir, sentrial.WithQueueBytes(64<<10), sentrial.WithLeastSpool(0), sentrial.WithOverflow(sentrial.DropNewest))
	waitFor(t, func() bool { return next.Stats().Delivered == 8000 })
}

// TestSpoolBusyKeepsFewFiles: however fast callers are, spent files are used again or removed.
func TestSpoolBusyKeepsFewFiles(t *testing.T) {
	dir := t.TempDir()
	const queue, batch = 256 << 10, 8 << 10
	client := spoolClient(t, newScript(t), dir, sentrial.WithQueueBytes(queue), sentrial.WithBatchBytes(batch))
	most := 0
	for range 200 {
		record(t, client, 100)
		most = max(most, len(slabs(t, dir)))
	}
	if limit := (queue + 3<<20) / batch; most > limit {
		t.Errorf("%d files, want at most %d", most, limit)
	}
}

// TestSpoolOfShortLives: a process that ends as soon as it has recorded something delivers what an earlier one left all the same.
func TestSpoolOfShortLives(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, 3000, sentrial.WithBatchBytes(64<<10))
	next := spoolClient(t, newScript(t), dir)
	record(t, next, 1)
	if err := next.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s := next.Stats(); s.Recovered != 3000 || s.Delivered != 3001 {
		t.Errorf("%+v", s)
	}
	if files := slabs(t, dir); len(files) > 0 {
		t.Errorf("%d files are left", len(files))
	}
}
