package e2e_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fileEnv is the file that a program of the test is about.
const fileEnv = "E2E_FILE"

// holderChild has the write lock of a file until it is told to let go.
var holderChild = asChild("holder", func() {
	db, err := sql.Open("sqlite", os.Getenv(fileEnv)+"?_txlock=immediate")
	must(err)
	tx, err := db.BeginTx(context.Background(), nil)
	must(err)
	fmt.Println("held")
	_, _ = fmt.Scanln()
	must(tx.Rollback())
	fmt.Println("let go")
})

// answer is what a server said to a batch.
type answer struct {
	status     int
	retryAfter string
}

// offer posts a batch and takes any answer.
func offer(t *testing.T, url string, batch []sentEvent) answer {
	t.Helper()
	var texts []string
	for _, e := range batch {
		texts = append(texts, e.text)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/events", strings.NewReader(`{"events":[`+strings.Join(texts, ",")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return answer{resp.StatusCode, resp.Header.Get("Retry-After")}
}

var (
	taken   = answer{status: http.StatusOK}
	refused = answer{http.StatusServiceUnavailable, "1"}
)

func someEvents(name string, n, size int) (events []sentEvent) {
	for i := range n {
		id := fmt.Sprint(name, i)
		events = append(events, sentEvent{id, fmt.Sprintf(`{"id":%q,"type":"step","session_id":"s","timestamp":"2026-11-22T00:16:56Z","name":%q}`, id, noise(size))})
	}
	return events
}

// noise is a text that does not compress.
func noise(size int) string {
	b := make([]byte, (size+1)/2)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// TestRow82AnotherProcessHoldsTheLock: the server asks to come again, goes on reading, and takes events as soon as the lock is free.
func TestRow82AnotherProcessHoldsTheLock(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	_, addr := startServer(t, file, "")
	to := ingestion{"http://" + addr}
	if got := offer(t, to.url, someEvents("before", 3, 10)); got != taken {
		t.Fatalf("before: %+v", got)
	}
	holder := child(t, holderChild, to)
	holder.set(fileEnv, file)
	lock := holder.start(t)
	lock.expect(t, "held")
	if got := offer(t, to.url, someEvents("locked", 3, 10)); got != refused {
		t.Errorf("while the lock is held: %+v, want %+v", got, refused)
	}
	if n := len(to.stored(t, "s")); n != 3 {
		t.Errorf("%d events are read meanwhile, want 3", n)
	}
	lock.tell(t, "")
	lock.expect(t, "let go")
	if got := offer(t, to.url, someEvents("locked", 3, 10)); got != taken {
		t.Errorf("afterwards: %+v", got)
	}
	if s := to.onlySession(t); s.Events != 6 || len(to.stored(t, "s")) != 6 {
		t.Errorf("the session has %d events, %d are stored, want 6", s.Events, len(to.stored(t, "s")))
	}
}
