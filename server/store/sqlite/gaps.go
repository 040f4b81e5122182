package sqlite

import (
	"context"

	"github.com/sentrial/sentrial-go/server/store"
)

// gapsSQL walks over a session's numbers client by client, which its index holds, and shows those that do not follow on the one before.
const gapsSQL = `
SELECT coalesce(c.id, ''), g.before + 1, g.seq - 1
FROM (
    SELECT client_key, seq, lag(seq, 1, 0) OVER (PARTITION BY client_key ORDER BY seq) AS before
    FROM events WHERE session_key = ? AND seq > 0
) g LEFT JOIN clients c ON c.key = g.client_key
WHERE g.seq > g.before + 1
ORDER BY g.client_key, g.seq`

// Gaps implements [store.Lifecycle].
func (s *Store) Gaps(ctx context.Context, project, session string, limit int) (store.Gaps, error) {
	var gaps store.Gaps
	key, err := s.sessionKey(ctx, project, session)
	if err != nil {
		return gaps, err
	}
	rows, err := s.read.QueryContext(ctx, gapsSQL, key)
	if err != nil {
		return gaps, err
	}
	defer rows.Close()
	for rows.Next() {
		var g store.Gap
		if err := rows.Scan(&g.ClientID, &g.First, &g.Last); err != nil {
			return gaps, err
		}
		gaps.Add(g, limit)
	}
	return gaps, rows.Err()
}
