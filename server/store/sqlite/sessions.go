package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/sentrial/sentrial-go/server/store"
)

// Session implements [store.Store].
func (s *Store) Session(ctx context.Context, project, id string) (store.Session, error) {
	var r sessionRow
	r.Project = project
	err := r.scan(s.read.QueryRowContext(ctx, selectSession+` WHERE s.project = ? AND s.id = `+resolvedID, project, project, id, id))
	if errors.Is(err, sql.ErrNoRows) {
		return store.Session{}, store.ErrNotFound
	}
	if err == nil {
		err = r.unfold(s.payload)
	}
	return r.Session, err
}

// Knows implements [store.Knower].
func (s *Store) Knows(ctx context.Context, project, session string) (known bool, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sessions WHERE project = ? AND id = `+resolvedID+`)`, project, project, session, session).Scan(&known)
	return known, err
}

// Sessions implements [store.Store].
func (s *Store) Sessions(ctx context.Context, project string, q store.SessionQuery) (store.SessionPage, error) {
	if s.searches(q) {
		return s.search(ctx, project, q)
	}
	rare, err := s.rare(ctx, project, q)
	if err != nil {
		return store.SessionPage{}, err
	}
	text, args := sessionsSQL(project, q, rare)
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err != nil {
		return store.SessionPage{}, err
	}
	defer rows.Close()
	var page store.SessionPage
	for size := 0; rows.Next(); {
		if len(page.Sessions) == q.Limit || size >= store.PageBytes {
			last := &page.Sessions[len(page.Sessions)-1]
			page.Next = &store.SessionKey{CreatedAt: last.CreatedAt, ID: last.ID}
			return page, nil
		}
		session, n, err := s.readSession(project, rows)
		if err != nil {
			return store.SessionPage{}, err
		}
		page.Sessions = append(page.Sessions, session)
		size += n
	}
	return page, rows.Err()
}

// readSession also returns about how many bytes the session's texts take.
func (s *Store) readSession(project string, rows scanner) (store.Session, int, error) {
	var r sessionRow
	r.Project = project
	if err := r.scan(rows); err != nil {
		return store.Session{}, 0, err
	}
	err := r.unfold(s.payload)
	size := len(r.Name) + len(r.Summary) + len(r.Input) + len(r.Output) + len(r.Metrics) + len(r.Metadata)
	return r.Session, size, err
}

// sessionsSQL asks for one row more than the limit, to know whether there is more. Where a facet is rare, its sessions are where the search begins.
func sessionsSQL(project string, q store.SessionQuery, rare *mark) (string, []any) {
	w := sessionsWhere(project, q)
	for word := range strings.FieldsSeq(q.Text) {
		w.contains(word)
	}
	from := selectSession
	if rare != nil {
		from = selectRareSession
		w.among(project, *rare)
	}
	return from + w.String() + newestFirst + ` LIMIT ?`, append(w.args, q.Limit+1)
}

const newestFirst = ` ORDER BY s.created_at DESC, s.id DESC`

// sessionsWhere is everything that q asks of a session s but its text.
func sessionsWhere(project string, q store.SessionQuery) where {
	w := where{}
	w.add(`s.project = ?`, project)
	status := `s.status`
	if q.Agent != "" || q.User != "" || q.Conversation != "" {
		status = `+s.status` // their indexes leave less to read than its own
	}
	w.status(status, q.Status, q.IdleBefore)
	w.equal(`s.agent_name`, q.Agent)
	w.equal(`s.user_id`, q.User)
	w.equal(`s.conversation_id`, q.Conversation)
	w.uses(project, facetModel, q.Model)
	w.uses(project, facetTool, q.Tool)
	if !q.Since.IsZero() {
		w.add(`s.created_at >= ?`, q.Since.UnixNano())
	}
	if !q.Until.IsZero() {
		w.add(`s.created_at < ?`, q.Until.UnixNano())
	}
	if q.After != nil {
		w.add(`(s.created_at, s.id) < (?, ?)`, q.After.CreatedAt.UnixNano(), q.After.ID)
	}
	return w
}
