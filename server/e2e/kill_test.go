package e2e_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

const (
	// serveEnv makes the test binary a server over the file it names.
	serveEnv = "SENTRIAL_E2E_SERVE"
	// addrEnv is the address of that server, a free port without it.
	addrEnv = "SENTRIAL_E2E_ADDR"
	// seedEnv sets the seed of a run, to repeat it.
	seedEnv = "SENTRIAL_E2E_SEED"

	senders   = 4
	sessions  = 5
	perKill   = 40 // acknowledged batches between two kills, at most
	batchSize = 60 // events, at most
)

// kills is how often the server is killed; make torture asks for more.
var kills = flag.Int("kills", 20, "how often TestRow82KilledServerKeepsWhatItAcknowledged kills its server")

func TestMain(m *testing.M) {
	if file := os.Getenv(serveEnv); file != "" {
		if err := serveUntilKilled(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// serveUntilKilled runs a server until it is interrupted or its standard input ends, and prints its address first.
func serveUntilKilled(file string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	go func() { // not to outlive the test
		_, _ = os.Stdin.Read(make([]byte, 1))
		stop()
	}()
	db, err := sqlite.Open(ctx, file)
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := server.New(server.Config{Store: db, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	ln, err := server.Listen(ctx, cmp.Or(os.Getenv(addrEnv), "127.0.0.1:0"))
	if err != nil {
		return err
	}
	fmt.Println(ln.Addr())
	return s.Serve(ctx, ln)
}

// TestRow82KilledServerKeepsWhatItAcknowledged kills a server many times while clients send, and looks afterwards: every acknowledged event is
// there once, no event is there twice, and the counters agree.
func TestRow82KilledServerKeepsWhatItAcknowledged(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv(seedEnv); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("%s: %v", seedEnv, err)
		}
	}
	t.Logf("%s=%d", seedEnv, seed)
	file := filepath.Join(t.TempDir(), "s.db")
	run := &killRun{t: t, acknowledged: make(map[string]bool)}
	random := rand.New(rand.NewPCG(seed, 0))
	for range *kills {
		run.burst(file, random)
	}
	run.check(file)
	t.Logf("%d kills", *kills)
}

// killRun remembers what all bursts sent.
type killRun struct {
	t            *testing.T
	mu           sync.Mutex
	acknowledged map[string]bool
	unknown      []sentEvent // sent, but the reply did not come
	next         int
}

type sentEvent struct{ id, text string }

// burst starts a server, sends from several clients and kills it after a random number of acknowledgements.
func (k *killRun) burst(file string, random *rand.Rand) {
	k.t.Helper()
	cmd, url := k.start(file)
	acks := make(chan struct{}, senders)
	var wg sync.WaitGroup
	for range senders {
		sizes := rand.New(rand.NewPCG(random.Uint64(), 0))
		wg.Go(func() {
			for {
				batch := k.batch(sizes)
				if !k.post(url, batch) {
					return // the server is gone
				}
				acks <- struct{}{}
			}
		})
	}
	go func() { wg.Wait(); close(acks) }()
	for range 1 + random.IntN(perKill) {
		if _, alive := <-acks; !alive {
			k.t.Fatal("the server stopped taking batches before it was killed")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		k.t.Fatal(err)
	}
	for range acks { // until all senders have noticed
	}
	if err := cmd.Wait(); err == nil {
		k.t.Fatal("the server ended by itself")
	}
}

func (k *killRun) start(file string) (cmd *exec.Cmd, url string) {
	k.t.Helper()
	cmd, addr := startServer(k.t, file, "")
	return cmd, "http://" + addr
}

// startServer runs this test's binary as a server, at a free port unless addr is given.
func startServer(t *testing.T, file, addr string) (cmd *exec.Cmd, at string) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"="+file, addrEnv+"="+addr)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	at, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server did not say its address: %v", err)
	}
	return cmd, strings.TrimSpace(at)
}

// batch makes new events and, now and then, takes up some whose fate is unknown.
func (k *killRun) batch(random *rand.Rand) []sentEvent {
	k.mu.Lock()
	defer k.mu.Unlock()
	var batch []sentEvent
	if n := min(len(k.unknown), random.IntN(batchSize)); n > 0 {
		batch, k.unknown = append(batch, k.unknown[:n]...), k.unknown[n:]
	}
	for range 1 + random.IntN(batchSize) {
		id := fmt.Sprintf("evt_%d", k.next)
		batch = append(batch, sentEvent{id, fmt.Sprintf(
			`{"id":%q,"type":"llm_call","session_id":"sess_%d","seq":%d,"timestamp":"2026-11-22T00:16:56Z","prompt_tokens":2,"cost":0.000000003,"prompt":%q}`,
			id, k.next%sessions, k.next, strings.Repeat("x", random.IntN(2000)))})
		k.next++
	}
	return batch
}

// post sends a batch and reports whether it was acknowledged.
func (k *killRun) post(url string, batch []sentEvent) bool {
	var body bytes.Buffer
	body.WriteString(`{"client":{"id":"killer"},"events":[`)
	for i, e := range batch {
		if i > 0 {
			body.WriteByte(',')
		}
		body.WriteString(e.text)
	}
	body.WriteString(`]}`)
	ok := k.acknowledges(url, &body, len(batch))
	k.mu.Lock()
	defer k.mu.Unlock()
	if !ok {
		k.unknown = append(k.unknown, batch...)
		return false
	}
	for _, e := range batch {
		k.acknowledged[e.id] = true
	}
	return true
}

func (k *killRun) acknowledges(url string, body *bytes.Buffer, events int) bool {
	req, err := http.NewRequestWithContext(k.t.Context(), "POST", url+"/v1/events", body)
	if err != nil {
		k.t.Error(err)
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var reply struct {
		Accepted, Duplicates int
		Rejected             []json.RawMessage
	}
	if json.NewDecoder(res.Body).Decode(&reply) != nil {
		return false
	}
	if res.StatusCode != http.StatusOK || reply.Accepted+reply.Duplicates != events {
		k.t.Errorf("%d %+v for %d events", res.StatusCode, reply, events)
	}
	return true
}

// check reads the file as the last server left it.
func (k *killRun) check(file string) {
	k.t.Helper()
	db, err := sqlite.Open(k.t.Context(), file, sqlite.ReadOnly())
	if err != nil {
		k.t.Fatal(err)
	}
	defer db.Close()
	found := make(map[string]int)
	for s := range sessions {
		session := fmt.Sprintf("sess_%d", s)
		n := k.count(db, session, found)
		got, err := db.Session(k.t.Context(), "default", session)
		if err != nil {
			k.t.Fatal(err)
		}
		want := store.Counters{Events: n, Tokens: store.Tokens{Prompt: 2 * n, Total: 2 * n}, Cost: store.NanoUSD(3 * n), Costed: n}
		if got.Counters != want {
			k.t.Errorf("%s counts %+v, its events make %+v", session, got.Counters, want)
		}
	}
	for id := range k.acknowledged {
		if found[id] == 0 {
			k.t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	for id, n := range found {
		if n != 1 {
			k.t.Errorf("%s is there %d times", id, n)
		}
	}
	k.t.Logf("%d events acknowledged, %d found, %d of unknown fate", len(k.acknowledged), len(found), len(k.unknown))
	if len(k.acknowledged) < 20 {
		k.t.Error("too few events to prove anything")
	}
}

// count adds the ids of a session's events to found and returns how many there are.
func (k *killRun) count(db store.Store, session string, found map[string]int) (events int64) {
	k.t.Helper()
	q := store.EventQuery{Limit: 1000}
	for {
		page, err := db.Events(k.t.Context(), "default", session, q)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, r := range page.Events {
			var e struct{ ID string }
			if err := json.Unmarshal(r.Raw, &e); err != nil {
				k.t.Fatal(err)
			}
			found[e.ID]++
			events++
		}
		if q.After = page.Next; q.After == nil {
			return events
		}
	}
}
