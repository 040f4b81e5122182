package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/postings"
	"github.com/sentrial/sentrial-go/server/internal/words"
	"github.com/sentrial/sentrial-go/server/store"
)

const (
	// searchPatience is how long a search waits for the events before it to be indexed.
	searchPatience = 300 * time.Millisecond
	// fewFound is up to how many sessions that have the words are looked up one by one; of more, the list is walked until a page is full.
	fewFound = 2000
	// maxUnindexed is up to where Unindexed counts.
	maxUnindexed = 100_000
)

// WithoutSearch opens a store that indexes nothing: [store.SessionQuery.Text] then looks at a session's own fields only, for words as parts of theirs.
func WithoutSearch() Option { return optionFunc(func(c *config) { c.noIndex = true }) }

// WaitIndexed implements [store.Indexer].
func (s *Store) WaitIndexed(ctx context.Context) error {
	if s.index == nil {
		return nil
	}
	return s.index.await(ctx, true)
}

// Unindexed implements [store.Indexer].
func (s *Store) Unindexed(ctx context.Context) (n int64, err error) {
	if s.noIndex {
		return 0, nil
	}
	err = s.read.QueryRowContext(ctx, `SELECT count(*) FROM (
    SELECT 1 FROM events WHERE position > (SELECT position FROM search_state) AND session_key > 0 LIMIT ?)`, maxUnindexed).Scan(&n)
	return n, err
}

// searches reports whether q is answered by the index.
func (s *Store) searches(q store.SessionQuery) bool {
	return !s.noIndex && strings.TrimSpace(q.Text) != ""
}

// search is [Store.Sessions] for a query with a text. What has the words is read from the index first, as a set of sessions, then those of
// the set that q asks for otherwise too, in the order of the list.
func (s *Store) search(ctx context.Context, project string, q store.SessionQuery) (page store.SessionPage, err error) {
	if err := s.awaitIndex(ctx); err != nil {
		return page, err
	}
	rare, err := s.rare(ctx, project, q)
	if err != nil {
		return page, err
	}
	err = snapshot(ctx, s.read, func(tx *sql.Tx) error {
		found, err := findSessions(ctx, tx, project, q.Text)
		if err != nil {
			return err
		}
		keys, err := s.listFound(ctx, tx, project, q, rare, found)
		if err != nil {
			return err
		}
		page, err = s.readFound(ctx, tx, project, keys, q.Limit)
		return err
	})
	return page, err
}

// awaitIndex lets the indexer catch up, if that does not take long.
func (s *Store) awaitIndex(ctx context.Context) error {
	if s.index == nil {
		return nil
	}
	var behind bool
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(position), 0) > (SELECT position FROM search_state)
    OR EXISTS (SELECT 1 FROM search_again) OR EXISTS (SELECT 1 FROM search_todo WHERE gone = 0) FROM events`).Scan(&behind)
	if err != nil || !behind {
		return err
	}
	wait, stop := context.WithTimeout(ctx, searchPatience)
	defer stop()
	_ = s.index.await(wait, false) // what is there is searched in any case
	return ctx.Err()
}

// findSessions returns the keys of the sessions that have all words of text, of whatever project, and of the one whose id text is.
func findSessions(ctx context.Context, tx *sql.Tx, project, text string) (*postings.Set, error) {
	found, err := withTerms(ctx, tx, words.Terms(text))
	if err != nil {
		return nil, err
	}
	var key int64
	err = tx.QueryRowContext(ctx, `SELECT key FROM sessions WHERE project = ? AND id = ?`, project, strings.TrimSpace(text)).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return found, nil
	}
	found.Add(key)
	return found, err
}

// withTerms returns the keys of the sessions that have all terms; none without terms.
func withTerms(ctx context.Context, tx *sql.Tx, terms []words.Term) (*postings.Set, error) {
	found := new(postings.Set)
	live, err := segments(ctx, tx, `live = 1 ORDER BY id`)
	if err != nil || len(terms) == 0 {
		return found, err
	}
	stmt, err := tx.PrepareContext(ctx, selectBlocks)
	if err != nil {
		return nil, err
	}
	defer stmt.Close()
	for i, term := range terms {
		with := new(postings.Set)
		for j := range live {
			if err := collect(ctx, stmt, &live[j], term, with); err != nil {
				return nil, err
			}
		}
		if i > 0 {
			with.Intersect(found)
		}
		if found = with; found.Len() == 0 {
			break
		}
	}
	return found, nil
}

// selectBlocks begins with the last block before which the word cannot be.
const selectBlocks = `
SELECT body FROM search_blocks
WHERE key >= coalesce((SELECT key FROM search_blocks WHERE segment = ? AND first < ? ORDER BY first DESC, key DESC LIMIT 1), ?) AND key < ?
ORDER BY key`

// collect adds to found what the segment has of term.
func collect(ctx context.Context, stmt *sql.Stmt, s *segment, term words.Term, found *postings.Set) error {
	rows, err := stmt.QueryContext(ctx, s.id, []byte(term.Word), s.firstKey(), s.endKey())
	if err != nil {
		return err
	}
	defer rows.Close()
	for past := false; !past && rows.Next(); {
		var body sql.RawBytes
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if past, err = postings.NewBlock(body, s.base).Collect([]byte(term.Word), term.Prefix, found); err != nil {
			return err
		}
	}
	return rows.Err()
}

// listFound returns the keys of found that q asks for, in the order of the list, one more than its limit if there are as many.
func (s *Store) listFound(ctx context.Context, tx *sql.Tx, project string, q store.SessionQuery, rare *mark, found *postings.Set) ([]int64, error) {
	if found.Len() <= s.lookUpMost {
		return lookUp(ctx, tx, project, q, found)
	}
	text, args := walkSQL(project, q, rare)
	return walk(ctx, tx, text, args, q.Limit, found)
}

// lookUp reads each session that was found and sorts them.
func lookUp(ctx context.Context, tx *sql.Tx, project string, q store.SessionQuery, found *postings.Set) ([]int64, error) {
	list, err := json.Marshal(slices.Collect(found.Keys()))
	if err != nil {
		return nil, err
	}
	text, args := foundSQL(project, q, string(list))
	return readKeys(ctx, tx, text, args...)
}

// foundSQL asks for one row more than the limit.
func foundSQL(project string, q store.SessionQuery, list string) (string, []any) {
	w := sessionsWhere(project, q)
	return `SELECT s.key FROM json_each(?) found CROSS JOIN sessions s ON s.key = found.value` + w.String() + newestFirst + ` LIMIT ?`,
		slices.Concat([]any{list}, w.args, []any{q.Limit + 1})
}

// walk follows a list until enough of what was found has come.
func walk(ctx context.Context, tx *sql.Tx, text string, args []any, limit int, found *postings.Set) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys []int64
	for len(keys) <= limit && rows.Next() {
		var key int64
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		if found.Has(key) {
			keys = append(keys, key)
		}
	}
	return keys, rows.Err()
}

func walkSQL(project string, q store.SessionQuery, rare *mark) (string, []any) {
	w := sessionsWhere(project, q)
	from := `SELECT s.key FROM sessions s`
	if rare != nil {
		from += ` NOT INDEXED`
		w.among(project, *rare)
	}
	return from + w.String() + newestFirst, w.args
}

// readFound reads a page of the sessions that have keys; those beyond the limit only show that there is more.
func (s *Store) readFound(ctx context.Context, tx *sql.Tx, project string, keys []int64, limit int) (page store.SessionPage, err error) {
	stmt, err := tx.PrepareContext(ctx, selectSession+` WHERE s.project = ? AND s.key = ?`)
	if err != nil {
		return page, err
	}
	defer stmt.Close()
	size := 0
	for i, key := range keys {
		if i == limit || size >= store.PageBytes {
			last := &page.Sessions[i-1]
			page.Next = &store.SessionKey{CreatedAt: last.CreatedAt, ID: last.ID}
			break
		}
		session, n, err := s.readSession(project, stmt.QueryRowContext(ctx, project, key))
		if err != nil {
			return page, err
		}
		page.Sessions = append(page.Sessions, session)
		size += n
	}
	return page, nil
}
