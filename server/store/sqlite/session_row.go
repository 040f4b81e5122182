package sqlite

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// sessionRow is a session with what the engine knows of it besides.
type sessionRow struct {
	store.Session
	key      int64
	contents body // as read, until unfolded
	unfolded bool

	isNew   bool
	touched bool // something of it was counted
	changed bool // more than the counters
	refill  bool // contents are to be written
	joined  bool // other sessions became part of it: it is to be folded anew

	counted *sessionSum // what it counts for in the rollups; nil while it does not
}

// contents is what a session holds apart from its row.
type contents struct {
	Input    json.RawMessage `json:"input,omitempty"`
	Output   json.RawMessage `json:"output,omitempty"`
	Tags     []string        `json:"tags,omitzero"` // none is not absent
	Metrics  json.RawMessage `json:"metrics,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// unfold reads the contents into the session, once.
func (r *sessionRow) unfold(codec *payloadCodec) error {
	if r.unfolded || len(r.contents.data) == 0 {
		r.unfolded = true
		return nil
	}
	text, err := codec.unpack(r.contents)
	if err != nil {
		return err
	}
	var c contents
	if err := json.Unmarshal(text, &c); err != nil {
		return err
	}
	r.Input, r.Output, r.Tags, r.Metrics, r.Metadata = c.Input, c.Output, c.Tags, c.Metrics, c.Metadata
	r.unfolded = true
	return nil
}

// pack is the reverse of unfold. Values stay as they were written but for white space.
func (r *sessionRow) pack(codec *payloadCodec) (body, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(contents{r.Input, r.Output, r.Tags, r.Metrics, r.Metadata}); err != nil {
		return body{}, err
	}
	return codec.pack(text.Bytes()), nil
}

// fold applies e, reading the contents when e may change them.
func (r *sessionRow) fold(codec *payloadCodec, e *store.Event) error {
	if e.Change != nil {
		if err := r.unfold(codec); err != nil {
			return err
		}
		r.refill = true
	}
	if r.Fold(e) {
		r.changed = true
	}
	return nil
}

// session returns the session of an event, loaded or made once a batch.
func (in *ingestion) session(id string) (*sessionRow, error) {
	if s := in.byID[id]; s != nil {
		return s, nil
	}
	s, err := in.scan(in.row(in.stmt.loadSession, in.batch.Project, id))
	if errors.Is(err, sql.ErrNoRows) {
		return in.unknown(id)
	}
	if err != nil {
		return nil, err
	}
	return in.keep(s), nil
}

func (in *ingestion) sessionByKey(key int64) (*sessionRow, error) {
	for _, s := range in.sessions {
		if s.key == key {
			return s, nil
		}
	}
	s, err := in.scan(in.row(in.stmt.loadSessionByKey, in.batch.Project, key))
	if err != nil {
		return nil, err
	}
	return in.keep(s), nil
}

func (in *ingestion) keep(s *sessionRow) *sessionRow {
	in.sessions = append(in.sessions, s)
	in.byID[s.ID] = s
	return s
}

func (in *ingestion) scan(row scanner) (*sessionRow, error) {
	s := new(sessionRow)
	s.Project = in.batch.Project
	err := s.scan(row)
	s.counted = sumOf(&s.Session)
	return s, err
}

// saveSession writes what the batch changed. A new session of which nothing was accepted is not kept.
func (in *ingestion) saveSession(s *sessionRow) error {
	if !s.touched {
		return nil
	}
	if s.joined {
		if err := in.refold(s); err != nil {
			return err
		}
	}
	in.sums.countSession(s)
	counters := s.counterColumns(in.batch.ReceivedAt.UnixNano())
	where := []any{in.batch.Project, s.key}
	var err error
	switch {
	case s.isNew:
		err = in.exec(in.stmt.insertSession, concat(s.columns(), counters, where, []any{s.ID})...)
	case s.changed:
		err = in.exec(in.stmt.updateSession, concat(s.columns(), counters, where)...)
	default:
		err = in.exec(in.stmt.countSession, concat(counters, where)...)
	}
	if err != nil || !s.refill {
		return err
	}
	return in.saveContents(s)
}

func (in *ingestion) saveContents(s *sessionRow) error {
	b, err := s.pack(in.payload)
	if err != nil {
		return err
	}
	return in.exec(in.stmt.writeContents, s.key, in.batch.Project, b.encoding, b.data)
}
