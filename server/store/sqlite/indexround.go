package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/sentrial/sentrial-go/server/internal/postings"
)

const (
	// maxRound bounds the (word, session) pairs of one segment as it is made; each takes 16 bytes of memory at last.
	maxRound = 1 << 19
	// gatherBytes is how much text is sorted by session before its words are looked at: what a session has said before costs little.
	gatherBytes = 4 << 20
)

// selectTexts is the text of events with what they belong to; of a deleted event there is none.
const selectTexts = `
SELECT e.position, e.session_key, p.encoding, p.body FROM events e CROSS JOIN payloads p ON p.position = e.position`

// indexState is the row of search_state.
type indexState struct{ position, purges int64 }

// round indexes the events that follow the last one indexed, and returns how far it came: to the end, unless they are very many.
func (x *indexer) round(ctx context.Context) (position int64, err error) {
	var state indexState
	texts := newTextReader(x, maxRound)
	err = snapshot(ctx, x.read, func(tx *sql.Tx) error {
		var last int64
		var err error
		if state, last, err = readState(ctx, tx); err != nil || last <= state.position {
			position = state.position
			return err
		}
		rows, err := tx.QueryContext(ctx, selectTexts+` WHERE e.position > ? AND e.session_key > 0 ORDER BY e.position`, state.position)
		if err != nil {
			return err
		}
		position, err = texts.read(rows)
		if !texts.full() {
			position = last
		}
		return err
	})
	if err != nil || position == state.position {
		return position, err
	}
	return position, x.write(ctx, state, position, texts.builder, nil)
}

// readState also returns the position of the last event.
func readState(ctx context.Context, tx *sql.Tx) (s indexState, last int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT position, purges, (SELECT coalesce(max(position), 0) FROM events) FROM search_state`).
		Scan(&s.position, &s.purges, &last)
	return s, last, err
}

// snapshot lets fn read the store as it is at one moment.
func snapshot(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return fn(tx)
}

// write stores what b gathered and what also does, and that the events up to position have been read, unless somebody changed state meanwhile.
func (x *indexer) write(ctx context.Context, state indexState, position int64, b *postings.Builder, also func(context.Context, *sql.Tx) error) error {
	blocks, err := blocksOf(b)
	if err != nil {
		return err
	}
	return x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		id, err := state.advance(ctx, tx, position)
		if err == nil && len(blocks) > 0 {
			err = insertSegment(ctx, tx, segment{id: id, base: b.Base(), live: 1, blocks: len(blocks)}, blocks)
		}
		if err == nil && also != nil {
			err = also(ctx, tx)
		}
		return err
	})
}

// advance moves the state on to position and returns a new segment's id.
func (s indexState) advance(ctx context.Context, tx *sql.Tx, position int64) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE search_state SET position = ?, segment = segment + 1 WHERE position = ? AND purges = ? RETURNING segment`,
		position, s.position, s.purges).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errStale
	}
	return id, err
}

// textReader takes the words from the texts of many events.
type textReader struct {
	index   *indexer
	limit   int // pairs; it may become a few more
	builder *postings.Builder
	pending []eventText
	memory  []byte // of pending
}

type eventText struct {
	session    int64
	start, end int // in memory
}

func newTextReader(x *indexer, limit int) *textReader {
	return &textReader{index: x, limit: limit, builder: postings.NewBuilder()}
}

func (r *textReader) full() bool { return r.builder.Len() >= r.limit }

// read reads rows of selectTexts up to their end, or until the reader is full, and returns the position of the last.
func (r *textReader) read(rows *sql.Rows) (position int64, err error) {
	defer rows.Close()
	for !r.full() && rows.Next() {
		var session int64
		var packed body
		var data sql.RawBytes
		if err := rows.Scan(&position, &session, &packed.encoding, &data); err != nil {
			return 0, err
		}
		packed.data = data
		r.add(session, packed)
	}
	r.flush()
	return position, rows.Err()
}

// add unpacks an event. One that cannot be read has no words: it must not hold up those behind it.
func (r *textReader) add(session int64, packed body) {
	start := len(r.memory)
	memory, err := r.index.payload.appendTo(r.memory, packed)
	if err != nil {
		return
	}
	r.memory = memory
	r.pending = append(r.pending, eventText{session, start, len(memory)})
	if len(memory) >= gatherBytes {
		r.flush()
	}
}

// flush looks at the words of what is pending, one session after the other.
func (r *textReader) flush() {
	slices.SortStableFunc(r.pending, func(a, b eventText) int { return cmp.Compare(a.session, b.session) })
	for _, t := range r.pending {
		r.builder.Key(t.session)
		r.index.words.Event(r.memory[t.start:t.end], r.builder.Add)
	}
	r.pending, r.memory = r.pending[:0], r.memory[:0]
}
