package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/postings"
	"github.com/sentrial/sentrial-go/server/store"
)

// TestWordsOfVeryManySessions has words whose sessions fill several blocks each, put into the file by hand.
func TestWordsOfVeryManySessions(t *testing.T) {
	const many = 4_000
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	tell(t, s, "template", "beta")
	waitIndexed(t, s)
	execute(t, file, fmt.Sprintf(`BEGIN; UPDATE search_state SET segment = 100;
INSERT INTO search_segments (id, level, live, base, blocks) VALUES (100, 5, 1, 1000, 0);
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1)
INSERT INTO sessions (key, project, id, status, created_at, started, last_received_at, events, errors, prompt_tokens, completion_tokens, total_tokens,
    cached_tokens, cache_write_tokens, reasoning_tokens, cost, costed)
SELECT 1000 + 20000 * i, 'p', 'm' || i, 'active', i / 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM n; COMMIT`, many))
	run := postings.NewBuilder()
	for i := range many {
		run.Key(int64(1000 + 20_000*i)) // three bytes a gap
		for _, word := range []string{"alpha", "alphabet", "alpine", "beta"} {
			run.Add([]byte(word))
		}
	}
	n := 0
	if err := run.Write(postings.NewWriter(1000, func(first, body []byte) error {
		n++
		return insertBlock(file, n, first, body)
	})); err != nil {
		t.Fatal(err)
	}
	if n < 5 {
		t.Errorf("only %d blocks", n)
	}
	for text, want := range map[string]int{"alphabet": many, "alp beta": many, "beta": many + 1, "al": 0, "gamma": 0, "alphabeta": 0} {
		got := 0
		for q := (store.SessionQuery{Text: text, Limit: 5000}); ; {
			page, err := s.Sessions(t.Context(), "p", q)
			if err != nil {
				t.Fatal(err)
			}
			got += len(page.Sessions)
			if q.After = page.Next; q.After == nil {
				break
			}
		}
		if got != want {
			t.Errorf("%q: found %d sessions, want %d", text, got, want)
		}
	}
}

func insertBlock(file string, n int, first, body []byte) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(`INSERT INTO search_blocks (key, segment, first, body) VALUES (?, 100, ?, ?)`, 100<<24+n, first, body)
	return err
}
