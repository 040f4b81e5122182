package sqlite

import (
	"context"
	"strings"

	"github.com/sentrial/sentrial-go/server/store"
)

// rareMarks is the number of sessions up to which a model or tool is rare. A list of them reads those sessions and sorts them; a list of a frequent one
// goes through all sessions by time, for it soon has its page.
const rareMarks = 2000

// selectRareSession is selectSession for a list that begins with some sessions' keys, whatever indexes the other conditions have.
var selectRareSession = strings.Replace(selectSession, `FROM sessions s `, `FROM sessions s NOT INDEXED `, 1)

// rare returns the mark that q filters by and that the fewest sessions have, nil when none is rare.
func (s *Store) rare(ctx context.Context, project string, q store.SessionQuery) (*mark, error) {
	var rarest *mark
	least := rareMarks + 1
	for _, m := range []mark{{facet: facetModel, value: q.Model}, {facet: facetTool, value: q.Tool}} {
		if m.value == "" {
			continue
		}
		n, err := s.countMarks(ctx, project, m)
		if err != nil {
			return nil, err
		}
		if n < least {
			least, rarest = n, &m
		}
	}
	return rarest, nil
}

// countMarks counts the sessions that have a mark, so far as it matters.
func (s *Store) countMarks(ctx context.Context, project string, m mark) (n int, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM session_facets WHERE project = ? AND facet = ? AND value = ? LIMIT ?)`,
		project, m.facet, label(m.value), rareMarks+1).Scan(&n)
	return n, err
}

// among asks for the sessions that have a mark, and is where SQLite begins.
func (w *where) among(project string, m mark) {
	w.add(`s.key IN (SELECT f.session_key FROM session_facets f WHERE f.project = ? AND f.facet = ? AND f.value = ?)`, project, m.facet, label(m.value))
}
