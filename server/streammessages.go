package server

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// advance reads a page and tells it: each event, and behind the last event of a session in it the session as it is now.
func (st *stream) advance(ctx context.Context) (more bool, err error) {
	page, err := st.follow(ctx)
	if err != nil {
		return false, err
	}
	last := make(map[string]int)
	for i := range page.Events {
		last[page.Events[i].SessionID] = i
	}
	for i := range page.Events {
		e := &page.Events[i]
		if err := st.tellEvent(e); err != nil {
			return false, err
		}
		if last[e.SessionID] != i {
			continue
		}
		if err := st.tellSession(ctx, e); err != nil {
			return false, err
		}
	}
	st.query.After = page.Position
	return page.More, st.out.flush()
}

// follow reads a page, of the session that the one asked for stands for by now.
func (st *stream) follow(ctx context.Context) (store.FollowPage, error) {
	q := st.query
	if q.Session != "" {
		var err error
		if q.Session, err = st.server.store.Resolve(ctx, st.project, q.Session); err != nil {
			return store.FollowPage{}, err
		}
	}
	return st.server.store.Follow(ctx, st.project, q)
}

// tellEvent leaves out events of types that were not asked for, and the one that the client has.
func (st *stream) tellEvent(e *store.FollowedEvent) error {
	if e.Raw == nil || e.Position <= st.resumed {
		return nil
	}
	return st.out.message("event", e.Position, appendEvent(nil, &e.Record))
}

// tellSession tells the session that an event changed. One that was deleted meanwhile is not told of.
func (st *stream) tellSession(ctx context.Context, e *store.FollowedEvent) error {
	session, err := st.server.store.Session(ctx, st.project, e.SessionID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	text, err := json.Marshal(st.server.sessionBody(&session))
	if err != nil {
		return err
	}
	return st.out.message("session", e.Position, text)
}
