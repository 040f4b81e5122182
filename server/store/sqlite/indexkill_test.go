package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

const (
	// victimEnv makes the test binary a process that fills the file it names until it is killed; the number after the colon counts these processes.
	victimEnv = "SENTRIAL_SQLITE_INDEX_VICTIM"

	indexKills = 6
)

func TestMain(m *testing.M) {
	if place := os.Getenv(victimEnv); place != "" {
		if err := fillUntilKilled(place); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	leaktest.Main(m)
}

// fillUntilKilled stores events, each with a word of its own that it prints once it is committed, and has them indexed all the time.
func fillUntilKilled(place string) error {
	n, file, _ := strings.Cut(place, ":")
	ctx := context.Background()
	s, err := sqlite.Open(ctx, file)
	if err != nil {
		return err
	}
	go func() {
		for s.WaitIndexed(ctx) == nil {
		}
	}()
	for i := 0; ; i++ {
		word := fmt.Sprintf("kill%svictim%d", n, i)
		e := step("e" + word)
		e.SessionID, e.Raw = fmt.Sprint("s", i%7), fmt.Appendf(nil, `{"text":%q}`, word+" "+strings.Repeat(word+"x ", 20))
		if _, err := s.Ingest(ctx, store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{e}}); err != nil {
			return err
		}
		fmt.Println(word, e.SessionID)
	}
}

// TestIndexIsWholeAfterKills kills processes that store, index and merge, and looks for the words of what was committed.
func TestIndexIsWholeAfterKills(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	stored := make(map[string]string)
	for n := range indexKills {
		killAfter(t, fmt.Sprint(n, ":", file), 5+rand.IntN(100), stored)
	}
	s := open(t, file)
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for word, session := range stored { // in any order
		wantFound(t, s, word+"x", session)
		if n++; n == 100 {
			break
		}
	}
	if n, blocks, err := s.Segments(t.Context()); err != nil || blocks != count(t, file, `SELECT count(*) FROM search_blocks`) {
		t.Errorf("the blocks of %d segments are not those in the file (%v)", n, err)
	}
}

// killAfter kills a process when it has stored some events, and adds them to stored.
func killAfter(t *testing.T, place string, events int, stored map[string]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+place)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if n == events {
			_ = cmd.Process.Kill()
		}
		if word, session, whole := strings.Cut(lines.Text(), " "); whole {
			stored[word] = session
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() == 1 {
		t.Fatalf("the process was not killed: %v", err)
	}
}
