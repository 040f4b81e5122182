package sqlite

import (
	"database/sql"
	"errors"
	"slices"

	"github.com/sentrial/sentrial-go/server/store"
)

// lookUpSQL tells of an id that no session has which session it stands for, and whether that was deleted.
const lookUpSQL = `
SELECT x.id, EXISTS (SELECT 1 FROM erased_sessions d WHERE d.project = ? AND d.id = x.id)
FROM (SELECT ` + resolvedID + ` AS id) x`

// changesSQL lists, in the order in which they came, the events that say something of their session.
const changesSQL = `
SELECT e.type, coalesce(e.status, ''), e.timestamp, p.encoding, p.body
FROM events e JOIN payloads p ON p.position = e.position
WHERE e.session_key = ? AND e.type IN ('session_start', 'session_update', 'session_end')
ORDER BY e.position`

// errErased says that an id is that of a session which was deleted.
var errErased = errors.New("the session was deleted")

// home returns the session of an event; errErased when that was deleted, or is to become part of one that was.
func (in *ingestion) home(e *store.Event) (*sessionRow, error) {
	s, err := in.session(e.SessionID)
	if err == nil && e.Into != "" && s.ID == e.SessionID {
		_, err = in.standsFor(e.Into)
	}
	return s, err
}

// refuse answers for an event of a deleted session.
func (in *ingestion) refuse(e *store.Event) (store.Outcome, error) {
	var known bool
	err := in.row(in.stmt.knowsEvent, in.batch.Project, e.ID).Scan(&known)
	if known {
		return store.Duplicate, err
	}
	return store.Erased, err
}

// unknown returns the session for an id that no session has: the one that it is an alias of, or a new one.
func (in *ingestion) unknown(id string) (*sessionRow, error) {
	target, err := in.standsFor(id)
	if err != nil {
		return nil, err
	}
	if target == id {
		return in.keep(&sessionRow{Session: store.NewSession(in.batch.Project, id), key: in.next(), isNew: true}), nil
	}
	s, err := in.session(target) // which is no alias
	if err == nil {
		in.byID[id] = s
	}
	return s, err
}

// standsFor returns the id of the session that id stands for, or errErased.
func (in *ingestion) standsFor(id string) (target string, err error) {
	var erased bool
	if err := in.row(in.stmt.lookUp, in.batch.Project, in.batch.Project, id, id).Scan(&target, &erased); err != nil {
		return "", err
	}
	if erased {
		return "", errErased
	}
	return target, nil
}

// join makes what came under e's session id, and what will, part of the session that e names. Nothing follows from an alias that is one
// already, of whichever session: the first wins; nor from one that would be its own.
func (in *ingestion) join(from *sessionRow, e *store.Event) error {
	if e.Into == "" || from.ID != e.SessionID {
		return nil
	}
	target, err := in.session(e.Into)
	if err != nil || target == from {
		return err
	}
	target.Counters.Add(from.Counters)
	target.touched, target.joined = true, true
	in.replaceRow(from, target)
	return errors.Join(
		in.exec(in.stmt.moveEvents, target.key, from.key),
		in.exec(in.stmt.moveMarks, target.key, from.key),
		in.removeSession(from),
		in.exec(in.stmt.searchAgain, target.key),
		in.exec(in.stmt.retarget, target.ID, in.batch.Project, from.ID),
		in.exec(in.stmt.insertAlias, in.batch.Project, from.ID, target.ID),
	)
}

// replaceRow lets target stand wherever the batch has from.
func (in *ingestion) replaceRow(from, target *sessionRow) {
	in.sessions = slices.DeleteFunc(in.sessions, func(s *sessionRow) bool { return s == from })
	for id, s := range in.byID {
		if s == from {
			in.byID[id] = target
		}
	}
}

// refold makes of a session what its events say, as if all of them had come for it in the first place.
func (in *ingestion) refold(s *sessionRow) error {
	fresh := store.NewSession(s.Project, s.ID)
	fresh.Counters, fresh.LastReceivedAt = s.Counters, s.LastReceivedAt
	var first int64
	if err := in.row(in.stmt.firstEvent, s.key).Scan(&first); err != nil {
		return err
	}
	fresh.CreatedAt = timeOf(first)
	rows, err := in.query(in.stmt.changes, s.key)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := in.foldStored(&fresh, rows); err != nil {
			return err
		}
	}
	s.Session, s.unfolded = fresh, true
	s.changed, s.refill = true, true
	return rows.Err()
}

func (in *ingestion) foldStored(s *store.Session, rows *sql.Rows) error {
	var e store.Event
	var timestamp int64
	var b body
	if err := rows.Scan(&e.Type, &e.Status, &timestamp, &b.encoding, &b.data); err != nil {
		return err
	}
	raw, err := in.payload.unpack(b)
	if err != nil {
		return err
	}
	e.Timestamp, e.Change = timeOf(timestamp), store.ReadChange(e.Type, raw)
	s.Fold(&e)
	return nil
}
