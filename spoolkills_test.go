package sentrial_test

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

var (
	kills    = flag.Int("kills", killsPerSpool, "how many processes TestRow40SpoolSurvivesKills kills")
	killSeed = flag.Uint64("seed", 0, "what TestRow40SpoolSurvivesKills draws from, to see the same again; 0 for another seed each time")
)

// killsPerSpool is how many processes die over one directory before it is looked at.
const killsPerSpool = 50

// TestRow40SpoolSurvivesKills: whatever Track has returned for is stored, once, though each process is killed at a random moment, or while it seals, sends, unlinks, recovers
// or closes; by itself or beside another one on the same spool; under all kinds of weather at the server. At the end nothing is left, and nothing was damaged.
//
// The seed of a spool that fails is printed: with -kills 50 and that -seed it happens again, as far as the time of a kill can be repeated.
func TestRow40SpoolSurvivesKills(t *testing.T) {
	seed := *killSeed
	if seed == 0 {
		seed = rand.Uint64() >> 32
	}
	var sum toll
	said := time.Now()
	for ; sum.kills < *kills && !t.Failed(); seed++ {
		if sum = sum.plus(killOverOneSpool(t, seed, min(killsPerSpool, *kills-sum.kills))); sum.kills < *kills && time.Since(said) > 5*time.Second {
			said = time.Now()
			t.Log(sum)
		}
	}
	t.Log(sum)
	if sum.events < 10*sum.kills || sum.inMemory > sum.events/10 {
		t.Errorf("that is too little to go by: %v", sum)
	}
}

// toll is what came of the kills.
type toll struct{ kills, events, inMemory, recovered, resent int }

func (a toll) plus(b toll) toll {
	return toll{a.kills + b.kills, a.events + b.events, a.inMemory + b.inMemory, a.recovered + b.recovered, a.resent + b.resent}
}

func (a toll) String() string {
	return fmt.Sprintf("%d kills, %d events told, %d recovered at the end, %d sent again; %d more waited in memory as the disk was slow", a.kills, a.events, a.recovered, a.resent, a.inMemory)
}

// torture is one directory and those who die over it.
type torture struct {
	t      *testing.T
	seed   uint64
	dir    string
	sink   *faultsink.Sink
	server *faultsink.Server

	mu   sync.Mutex
	told []string
	by   map[string]*killing
	toll toll
}

func killOverOneSpool(t *testing.T, seed uint64, n int) toll {
	t.Helper()
	sink := faultsink.New()
	server, err := faultsink.Serve(sink)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	x := &torture{t: t, seed: seed, dir: filepath.Join(t.TempDir(), "spool"), sink: sink, server: server, by: map[string]*killing{}}
	for x.toll.kills < n && !t.Failed() {
		x.round(n - x.toll.kills)
	}
	x.deliver()
	x.judge()
	return x.toll
}

// round kills one victim, or two at once.
func (x *torture) round(most int) {
	number := x.toll.kills
	random := rand.New(rand.NewPCG(x.seed, uint64(number)))
	over := x.bring(weathers[random.IntN(len(weathers))], random.Uint64())
	defer over()
	var all sync.WaitGroup
	for range min(most, 1+random.IntN(3)/2) {
		k := draw(random, x.dir, x.server.URL())
		all.Go(func() { x.note(number, k, k.happen(x.t)) })
	}
	all.Wait()
}

func (x *torture) note(number int, k *killing, c confession) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if c.err != nil {
		x.t.Errorf("seed %d, round %d: %v\n%+v\n%s", x.seed, number, c.err, k, c.log)
	}
	x.told = append(x.told, c.ids...)
	for _, id := range c.ids {
		x.by[id] = k
	}
	x.toll = x.toll.plus(toll{kills: 1, events: len(c.ids), inMemory: c.inMemory})
}

// deliver lets a last client, or two, have what is left.
func (x *torture) deliver() {
	var clients []*sentrial.Client
	for range 1 + x.seed%2 {
		client, err := sentrial.New(sentrial.WithAPIURL(x.server.URL()), sentrial.WithSpool(x.dir), sentrial.WithLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			x.t.Fatal(err)
		}
		clients = append(clients, client)
	}
	for deadline := time.Now().Add(25 * time.Second); x.left(clients) && time.Now().Before(deadline); {
		<-time.After(10 * time.Millisecond)
	}
	for _, client := range clients {
		err := client.Close(x.t.Context())
		s := client.Stats()
		x.toll.recovered += int(s.Recovered)
		if err = errors.Join(err, lawOf(s)); err != nil || len(s.Dropped) > 0 || s.Recovered != s.Delivered {
			x.t.Errorf("seed %d: %v: %+v", x.seed, err, s)
		}
	}
}

// left tells whether there are files other than those that the clients have ready.
func (x *torture) left(clients []*sentrial.Client) bool {
	files, err := filepath.Glob(filepath.Join(x.dir, "*"))
	ready := 0
	for _, client := range clients {
		ready += sentrial.StateOf(client).Ready
	}
	return err != nil || len(files) != ready
}

func (x *torture) judge() {
	report := x.sink.Report()
	x.toll.resent = report.Resent
	for _, id := range report.Lost(x.told) {
		x.t.Errorf("seed %d: %s is missing, told by %+v", x.seed, id, x.by[id])
	}
	if n := report.StoredDuplicates(); n > 0 || len(report.Changed)+len(report.Conflicts)+len(report.Strays) > 0 {
		x.t.Errorf("seed %d: %d stored twice, changed %v, conflicts %v, strays %v", x.seed, n, report.Changed, report.Conflicts, report.Strays)
	}
	files, err := filepath.Glob(filepath.Join(x.dir, "*"))
	if err != nil || len(files) > 0 {
		x.t.Errorf("seed %d: files are left: %v, %v", x.seed, files, err)
	}
	if x.t.Failed() {
		x.keep()
	}
}

// keep saves the directory from being removed with the test.
func (x *torture) keep() {
	kept, err := os.MkdirTemp(filepath.Dir(filepath.Dir(x.t.TempDir())), "spool-")
	if err == nil {
		err = os.Rename(x.dir, filepath.Join(kept, "spool"))
	}
	x.t.Logf("the spool is kept in %s: %v", kept, err)
}
