package sentrial_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/spool"
	"github.com/sentrial/sentrial-go/types"
)

// leave has a client record n steps and end without having delivered them.
func leave(t *testing.T, dir string, n int, opts ...sentrial.Option) (ids []string) {
	t.Helper()
	client := spoolClient(t, forbidding(t), dir, opts...)
	ids = record(t, client, n)
	if s := client.Stats(); s.Spooled != uint64(n) {
		t.Fatalf("%d of %d events are in the spool", s.Spooled, n)
	}
	if err := closeQuickly(t, client); err == nil {
		t.Fatal("everything was delivered")
	}
	return ids
}

// slabs are the files of a spool, oldest first.
func slabs(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.slab"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestRow47Damage costs the event that it hit, which is counted and told, and no other.
func TestRow47Damage(t *testing.T) {
	dir := t.TempDir()
	ids := leave(t, dir, 20)
	file := slabs(t, dir)[0]
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content[bytes.Index(content, []byte(ids[7]))] ^= 1
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}

	server, drops := newScript(t), new(dropped)
	next := spoolClient(t, server, dir, sentrial.WithOnDrop(drops.add))
	waitFor(t, func() bool { return next.Stats().Delivered == 19 })
	if err := next.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s := next.Stats(); s.Recovered != 20 || s.Dropped[sentrial.DropSpoolCorrupt] != 1 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
	if all := drops.all(); len(all) != 1 || all[0].Reason != sentrial.DropSpoolCorrupt || all[0].EventID != "" {
		t.Errorf("OnDrop heard %+v", all)
	}
	if kept, err := os.ReadDir(filepath.Join(dir, spool.QuarantineName)); err != nil || len(kept) != 1 {
		t.Errorf("quarantine has %v, %v", kept, err)
	}
}

// TestRow48RecordsOfSomethingElse: records that this SDK did not write are counted and not sent, in a file of their own and beside events.
func TestRow48RecordsOfSomethingElse(t *testing.T) {
	path := t.TempDir()
	leave(t, path, 3)
	dir, err := spool.Open(path, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	segment, err := dir.Create(4 << 10)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, record := range []string{"x", "\x05\x00\x00\x00\x00", strings.Repeat("y", 100), "\x0b\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"} {
		copy(segment.Frames().Put(at, len(record)), record)
		segment.Frames().Commit(at)
		at += spool.FrameBytes(len(record))
	}
	if err := errors.Join(segment.Close(), dir.Close()); err != nil {
		t.Fatal(err)
	}

	server := newScript(t)
	next := spoolClient(t, server, path)
	waitFor(t, func() bool { s := next.Stats(); return s.Recovered == 7 && s.Queued == 0 })
	if s := next.Stats(); s.Delivered != 3 || s.Dropped[sentrial.DropSpoolCorrupt] != 4 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
	if err := next.Close(t.Context()); err != nil || len(slabs(t, path)) > 0 {
		t.Errorf("Close: %v; %v are left", err, slabs(t, path))
	}
}

// TestRow51TheSpoolHasABound: what earlier processes left goes, the oldest first, when it is more than 16 queues.
func TestRow51TheSpoolHasABound(t *testing.T) {
	dir := t.TempDir()
	ids := leave(t, dir, 8000, sentrial.WithQueueBytes(8<<20), sentrial.WithBatchBytes(64<<10))
	server, drops := newScript(t), new(dropped)
	next := spoolClient(t, server, dir, sentrial.WithQueueBytes(64<<10), sentrial.WithLeastSpool(0), sentrial.WithOnDrop(drops.add))
	waitFor(t, func() bool { s := next.Stats(); return s.Recovered == 8000 && s.Queued == 0 })
	if err := next.Close(t.Context()); err != nil {
		t.Error(err)
	}
	s := next.Stats()
	evicted := int(s.Dropped[sentrial.DropSpoolEvicted])
	if evicted == 0 || evicted == 8000 || int(s.Delivered)+evicted != 8000 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
	oldest := map[string]bool{}
	for _, id := range ids[:evicted] {
		oldest[id] = true
	}
	for _, d := range drops.all() {
		if d.Reason != sentrial.DropSpoolEvicted || !oldest[d.EventID] {
			t.Fatalf("OnDrop heard %+v", d)
		}
	}
}

// TestRow50TheDirectoryIsDeleted while the client runs: what is recorded afterwards is in files again, and everything is delivered.
func TestRow50TheDirectoryIsDeleted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	client := spoolClient(t, newScript(t), dir, sentrial.WithBatchBytes(16<<10), sentrial.WithOverflow(sentrial.Block))
	record(t, client, 100)
	waitFor(t, func() bool { return os.RemoveAll(dir) == nil }) // files are made meanwhile
	record(t, client, 2000)
	waitFor(t, func() bool { return len(slabs(t, dir)) > 0 })
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	checkStats(t, client, 2100, 0, nothing)
}

// held keeps a request waiting, and tells that it came.
type held struct {
	came    chan struct{}
	release chan struct{}
	inner   http.RoundTripper
	path    string
}

func (h *held) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == h.path {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
		close(h.came)
		<-h.release
		return nil, errors.New("the connection is gone")
	}
	return h.inner.RoundTrip(r)
}

// TestSpoolOnTheHostedWire: an event that was in a request when its process died is not sent again, as the server may have it; it is counted, and all others are sent.
func TestSpoolOnTheHostedWire(t *testing.T) {
	dir, image := t.TempDir(), t.TempDir()
	sink := memhttp.New(t, faultsink.NewHosted())
	server := &held{came: make(chan struct{}), release: make(chan struct{}), inner: sink.Client().Transport, path: "/api/sdk/events"}
	hosted := []sentrial.Option{sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithAPIURL(sink.URL())}
	client := spoolClient(t, server, dir, hosted...)
	ctx, session := client.CreateSession(t.Context(), "s")
	first := session.TrackStep(ctx, types.Step{Name: "first"})
	second := session.TrackStep(ctx, types.Step{Name: "second"})
	<-server.came
	if err := os.CopyFS(image, os.DirFS(dir)); err != nil { // what a kill would leave
		t.Fatal(err)
	}
	close(server.release)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_ = client.Close(ended)

	drops := new(dropped)
	next := spoolClient(t, sink.Client().Transport, image, append(hosted, sentrial.WithOnDrop(drops.add))...)
	waitFor(t, func() bool { s := next.Stats(); return s.Recovered > 0 && s.Queued == 0 })
	if err := next.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s := next.Stats(); s.Dropped[sentrial.DropUncertain] != 1 || s.Delivered == 0 || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
	if all := drops.all(); len(all) != 1 || all[0].EventID != first || all[0].EventID == second {
		t.Errorf("OnDrop heard %+v", all)
	}
}
