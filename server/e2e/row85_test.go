package e2e_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestRow85CopiesMadeUnderTraffic copies a file again and again while a server writes it: each copy has all that was acknowledged before, is
// consistent in itself, and a server goes on from it.
func TestRow85CopiesMadeUnderTraffic(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "s.db")
	_, addr := startServer(t, file, "")
	run := &killRun{t: t, acknowledged: make(map[string]bool)}
	stop := run.traffic("http://" + addr)
	var copies []*copied
	for n := range 4 {
		grows(t, file, 400)
		copies = append(copies, run.copy(file, filepath.Join(dir, fmt.Sprint("copy", n))))
	}
	stop()
	for _, c := range copies {
		c.run.check(c.file)
		c.wantComplete(file)
		wantSound(t, c.file)
	}
	run.restore(copies[1].file)
}

// traffic sends from several sides until it is told to stop.
func (k *killRun) traffic(url string) (stop func()) {
	ctx, cancel := context.WithCancel(k.t.Context())
	var wg sync.WaitGroup
	for sender := range senders {
		random := rand.New(rand.NewPCG(85, uint64(sender)))
		wg.Go(func() {
			for ctx.Err() == nil {
				k.mustPost(url, k.batch(random))
			}
		})
	}
	return func() { cancel(); wg.Wait() }
}

// copied is a copy of a file, with what had been acknowledged when it was begun.
type copied struct {
	run  *killRun
	file string
}

func (k *killRun) copy(file, to string) *copied {
	k.t.Helper()
	k.mu.Lock()
	before := maps.Clone(k.acknowledged)
	k.mu.Unlock()
	db := reader(k.t, file)
	defer db.Close()
	if _, err := db.ExecContext(k.t.Context(), `VACUUM INTO ?`, to); err != nil {
		k.t.Fatal(err)
	}
	return &copied{&killRun{t: k.t, acknowledged: before}, to}
}

func reader(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// wantComplete checks that the copy has exactly what its original has up to the last position that the copy knows of.
func (c *copied) wantComplete(original string) {
	c.run.t.Helper()
	count := func(file string, upTo int64) (events, last int64) {
		db := reader(c.run.t, file)
		defer db.Close()
		row := db.QueryRowContext(c.run.t.Context(), `SELECT (SELECT count(*) FROM events WHERE position <= ?), last FROM sequence`, upTo)
		if err := row.Scan(&events, &last); err != nil {
			c.run.t.Fatal(err)
		}
		return events, last
	}
	copied, last := count(c.file, 1<<62)
	if whole, _ := count(original, last); whole != copied {
		c.run.t.Errorf("the copy has %d events up to position %d, the file has %d", copied, last, whole)
	}
}

// restore has a server go on from a copy: everything is sent once more, as clients do that were not acknowledged.
func (k *killRun) restore(file string) {
	k.t.Helper()
	_, addr := startServer(k.t, file, "")
	again := &killRun{t: k.t, acknowledged: make(map[string]bool)}
	random := rand.New(rand.NewPCG(85, 85))
	for again.next < k.next {
		again.mustPost("http://"+addr, again.batch(random))
	}
	again.check(file)
}

// TestRow85OldFileUnderTraffic has programs record before there is a server, and one start on a file of the first version.
func TestRow85OldFileUnderTraffic(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	makeOld(t, file)
	addr := freeAddress(t)
	to := ingestion{"http://" + addr}
	fleet := []*running{child(t, fleetChild, to).start(t), child(t, fleetChild, to).start(t)}
	server, _ := startServer(t, file, addr)
	grows(t, file, 200)
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // killed
	startServer(t, file, addr)
	recorded := stopFleet(t, fleet)
	to.holdsFleet(t, recorded)
	db, err := sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if s, err := db.Session(t.Context(), "p", "full"); err != nil || s.Name != "n <é>" || s.Counters.Events != 11 {
		t.Errorf("an old session: %+v, %v", s, err)
	}
}

// makeOld makes a file as the first version of the schema had it.
func makeOld(t *testing.T, file string) {
	t.Helper()
	dump, err := os.ReadFile(filepath.FromSlash("../store/sqlite/testdata/v1.sql"))
	if err != nil {
		t.Fatal(err)
	}
	db := reader(t, file)
	if _, err := db.ExecContext(t.Context(), string(dump)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// freeAddress is one that nobody listens on yet.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}
