package spool_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func TestAKilledProcessLeavesItsRecords(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	c := start(t, "hold", path, 1)
	for c.lines.Scan() && !strings.HasPrefix(c.lines.Text(), "committed ") {
	}
	want := strings.TrimPrefix(c.lines.Text(), "committed ")

	wantRecords(t, left(t, dir))
	wantLive(t, path, c.Process.Pid, true)
	c.kill()
	wantLive(t, path, c.Process.Pid, false)
	wantRecords(t, left(t, dir), want)
}

func wantLive(t *testing.T, path string, pid int, live bool) {
	t.Helper()
	all, err := spool.Inspect(path)
	if err != nil || len(all) != 1 {
		t.Fatalf("the directory has %+v (%v), want one file", all, err)
	}
	if all[0].PID != pid || all[0].Live != live || all[0].Counts.Committed != 1 {
		t.Errorf("got %+v, want pid %d, live %v, one committed record", all[0], pid, live)
	}
}

// ledger is what all processes said.
type ledger struct {
	mu                                   sync.Mutex
	begun, committed, delivered, settled map[string]int
	lines                                int
}

func newLedger() *ledger {
	return &ledger{begun: map[string]int{}, committed: map[string]int{}, delivered: map[string]int{}, settled: map[string]int{}}
}

func (l *ledger) note(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines++
	what, record, _ := strings.Cut(line, " ")
	switch what {
	case "begun":
		l.begun[record]++
	case "committed":
		l.committed[record]++
	case "delivered":
		l.delivered[record]++
	case "settled":
		l.settled[record]++
	}
}

// check wants every committed record delivered, and nothing that was not begun. Between delivering and settling a process may be killed, so that a record is delivered
// again; but once it is settled, nobody sees it.
func (l *ledger) check(t *testing.T) {
	t.Helper()
	for r := range l.committed {
		if l.delivered[r] == 0 {
			t.Errorf("lost: %q", r)
		}
	}
	for r := range l.delivered {
		if l.begun[r] == 0 {
			t.Errorf("never written: %q", r)
		}
	}
	for r, n := range l.settled {
		if n > 1 {
			t.Errorf("settled %d times: %q", n, r)
		}
	}
}

// run starts a writer, listens to it for a random time, and kills it.
func (l *ledger) run(t *testing.T, role, path string, seed uint64) {
	c := start(t, role, path, seed)
	for range rand.New(rand.NewPCG(seed, 1)).IntN(600) {
		if !c.lines.Scan() {
			t.Errorf("writer %d ended by itself", seed)
			break
		}
		l.note(c.lines.Text())
	}
	for _, line := range c.kill() {
		l.note(line)
	}
}

// killSeed is random, or what the environment says, to see a failure again.
func killSeed() uint64 {
	seed, err := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	if err != nil {
		return rand.Uint64() >> 1
	}
	return seed
}

func TestRow40Kills(t *testing.T) { testKills(t, "write", 25) }

func TestRow40KillsWithoutMapping(t *testing.T) { testKills(t, "unmapped", 10) }

// testKills has two processes at a time, which also deliver what the other left.
func testKills(t *testing.T, role string, rounds uint64) {
	path, l, seed := t.TempDir(), newLedger(), killSeed()
	t.Logf("%s=%d", seedVariable, seed)
	var writers sync.WaitGroup
	for i := range uint64(2) {
		writers.Go(func() {
			for round := range rounds {
				l.run(t, role, path, seed+2*round+i)
			}
		})
	}
	writers.Wait()
	dir := open(t, path)
	for _, r := range left(t, dir) {
		l.note("delivered " + r)
	}
	l.check(t)
	t.Logf("%d records committed, %d delivered, %d lines", len(l.committed), len(l.delivered), l.lines)
	if n, err := dir.Bytes(); n != 0 || err != nil || len(l.committed) == 0 {
		t.Errorf("%d records were committed, %d bytes are left (%v)", len(l.committed), n, err)
	}
}
