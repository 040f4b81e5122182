package e2e_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

const (
	fleetSize  = 8
	fleetKills = 10
	// fleetStep is how many more events are stored between two kills, at least.
	fleetStep = 500
)

// fleetChild records session after session until it is told to stop; then it delivers what is left and prints its Stats.
var fleetChild = asChild("fleet", func() {
	client, err := sentrial.New()
	must(err)
	stop := make(chan struct{})
	go func() {
		bufio.NewScanner(os.Stdin).Scan()
		close(stop)
	}()
	tick := time.NewTicker(100 * time.Millisecond)
	for running := true; running; {
		select {
		case <-stop:
			running = false
		case <-tick.C:
			oneOfAFleet(client)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := client.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	stats := client.Stats()
	fmt.Println(stats.Accepted, stats.Delivered)
})

func oneOfAFleet(client *sentrial.Client) {
	ctx, session := client.CreateSession(context.Background(), "one of a fleet")
	track(session, 0, perTrack)
	session.TrackLLMCall(ctx, types.LLMCall{Model: "m", Usage: types.Usage{PromptTokens: 2, CompletionTokens: 1}})
	session.Close(ctx, types.SessionResult{})
}

// TestFleetAndAServerThatIsKilled has eight processes record while their server is killed ten times and started again in the same place: at
// the end every event that they recorded is there, once and in order, and the counters agree.
func TestFleetAndAServerThatIsKilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	server, addr := startServer(t, file, "")
	to := ingestion{"http://" + addr}
	var fleet []*running
	for range fleetSize {
		fleet = append(fleet, child(t, fleetChild, to).start(t))
	}
	for range fleetKills {
		grows(t, file, fleetStep)
		if err := server.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = server.Wait() // killed
		server, _ = startServer(t, file, addr)
	}
	recorded := stopFleet(t, fleet)
	to.holdsFleet(t, recorded)
}

// grows returns when a store has that many events more.
func grows(t *testing.T, file string, by int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	events := func() (n int) {
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM events`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	deadline, tick := time.After(patience), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for before := events(); events() < before+by; {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("no more events come")
		}
	}
}

// stopFleet ends all programs and returns how many events they recorded; none may have been given up.
func stopFleet(t *testing.T, fleet []*running) (recorded int) {
	t.Helper()
	for _, p := range fleet {
		p.tell(t, "stop")
	}
	for _, p := range fleet {
		var accepted, delivered int
		if _, err := fmt.Sscan(p.hear(t), &accepted, &delivered); err != nil {
			t.Fatal(err)
		}
		if accepted == 0 || delivered != accepted {
			t.Errorf("a program recorded %d events and delivered %d; it says %s", accepted, delivered, &p.errors)
		}
		recorded += accepted
	}
	return recorded
}

// holdsFleet looks at every session.
func (i ingestion) holdsFleet(t *testing.T, recorded int) {
	t.Helper()
	stored, seen := 0, make(map[string]bool)
	for _, s := range pages[types.Session](t, i.url+"/v1/sessions?limit=1000") {
		events := i.stored(t, s.ID)
		unbroken(t, events)
		if s.Events != len(events) || s.Usage.PromptTokens != 2 || s.Usage.TotalTokens != 3 || s.Status != types.StatusSuccess {
			t.Errorf("session %s has %d events and says %+v", s.ID, len(events), s)
		}
		for _, e := range events {
			if seen[e.ID] {
				t.Errorf("event %s is there twice", e.ID)
			}
			seen[e.ID] = true
		}
		stored += len(events)
	}
	if stored != recorded {
		t.Errorf("%d events were recorded, %d are stored", recorded, stored)
	}
	t.Logf("%d processes, %d kills: %d events recorded and stored", fleetSize, fleetKills, stored)
}
