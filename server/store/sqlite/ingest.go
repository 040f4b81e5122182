package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// Ingest implements [store.Store]. Payloads are compressed before the writer's turn comes, and once there is room in its queue.
func (s *Store) Ingest(ctx context.Context, batch store.Batch) (store.Receipt, error) {
	if s.writer == nil {
		return store.Receipt{}, store.ErrReadOnly
	}
	if len(batch.Events) == 0 && batch.Idempotency == nil {
		return store.Receipt{}, nil
	}
	p := newPendingBatch(&batch)
	if err := s.writer.ingest(ctx, p); err != nil {
		return store.Receipt{}, fmt.Errorf("ingest %d events: %w", len(batch.Events), err)
	}
	s.index.wake()
	return p.receipt, nil
}

// ingestion is one batch inside its transaction.
type ingestion struct {
	ctx     context.Context // the transaction's
	tx      *sql.Tx
	stmt    *statements
	failure error // of a statement
	payload *payloadCodec
	batch   *store.Batch

	last     int64         // the store's counter
	client   int64         // key of the batch's client, 0 = none
	sessions []*sessionRow // in the order of their first event
	byID     map[string]*sessionRow
	marked   map[mark]struct{}
	known    *knownMarks
	payloads []any    // rows to be written
	sums     *rollups // of all batches of the transaction
}

func (in *ingestion) run(bodies []body, receipt *store.Receipt) error {
	earlier, found, err := in.recall()
	if err != nil || found {
		*receipt = earlier
		return err
	}
	if err := in.row(in.stmt.readSequence).Scan(&in.last); err != nil {
		return err
	}
	if err := in.seeClient(); err != nil {
		return err
	}
	for i := range in.batch.Events {
		outcome, err := in.add(&in.batch.Events[i], bodies[i])
		if err != nil {
			return fmt.Errorf("event %s: %w", in.batch.Events[i].ID, err)
		}
		receipt.Outcomes = append(receipt.Outcomes, outcome)
	}
	if err := in.writePayloads(); err != nil {
		return err
	}
	for _, session := range in.sessions {
		if err := in.saveSession(session); err != nil {
			return fmt.Errorf("session %s: %w", session.ID, err)
		}
	}
	if receipt.Reply, err = in.remember(receipt.Outcomes); err != nil {
		return err
	}
	return in.exec(in.stmt.writeSequence, in.last)
}

// next returns a key larger than all before.
func (in *ingestion) next() int64 {
	in.last++
	return in.last
}

func (in *ingestion) seeClient() error {
	c := &in.batch.Client
	if c.ID == "" {
		return nil
	}
	now := in.batch.ReceivedAt.UnixNano()
	return in.row(in.stmt.seeClient, in.next(), in.batch.Project, c.ID, nullText(c.SDK), nullText(c.Version), nullText(c.Service),
		nullText(c.Environment), nullText(c.Release), now, now, nullSkew(in.batch.ClockSkew)).Scan(&in.client)
}

// add stores e unless the store has it, and counts it.
func (in *ingestion) add(e *store.Event, b body) (store.Outcome, error) {
	session, err := in.home(e)
	if errors.Is(err, errErased) {
		return in.refuse(e)
	}
	if err != nil {
		return 0, err
	}
	if e.Totals {
		settled := *e
		settled.Settle(session.Counters)
		e = &settled
	}
	position := in.next()
	inserted, err := in.insertEvent(e, position, session.key)
	if err != nil {
		return 0, err
	}
	if !inserted {
		replaced, err := in.displace(e)
		if err != nil || !replaced {
			return store.Duplicate, err
		}
		if _, err := in.insertEvent(e, position, session.key); err != nil {
			return 0, err
		}
	}
	if err := in.putPayload(position, b); err != nil {
		return 0, err
	}
	return store.Accepted, in.account(session, e)
}

// account brings the session up to date with an event just stored.
func (in *ingestion) account(session *sessionRow, e *store.Event) error {
	if err := session.fold(in.payload, e); err != nil {
		return err
	}
	session.Counters.Add(e.Counters())
	session.touched = true
	in.sums.countEvent(in.batch.Project, e, counted)
	return errors.Join(in.markUses(session.key, e), in.join(session, e))
}

func (in *ingestion) insertEvent(e *store.Event, position, sessionKey int64) (inserted bool, err error) {
	b, t := in.batch, &e.Tokens
	res, err := in.result(in.stmt.insertEvent, position, b.Project, e.ID, sessionKey, in.client, string(e.Type),
		nullText(e.ParentID), e.Seq, e.Timestamp.UnixNano(), nullInt(e.Duration), nullText(e.Status), nullText(e.TraceID), nullText(e.SpanID),
		nullText(label(e.Model)), nullText(label(e.ToolName)), nullCount(t.Prompt), nullCount(t.Completion), nullCount(t.Total), nullCount(t.Cached),
		nullCount(t.CacheWrite), nullCount(t.Reasoning), nullInt(e.Cost), b.ReceivedAt.UnixNano(), nullSkew(b.ClockSkew))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// displace removes the stored event of e's id if e replaces it, and what it counted for.
func (in *ingestion) displace(e *store.Event) (bool, error) {
	var position, sessionKey int64
	var old store.Event
	t := &old.Tokens
	err := in.row(in.stmt.findEvent, in.batch.Project, e.ID).Scan(&position, &sessionKey, &old.Type, &old.Status,
		&t.Prompt, &t.Completion, &t.Total, &t.Cached, &t.CacheWrite, &t.Reasoning, &old.Cost)
	if err != nil || !e.Replaces(old.Status) {
		return false, err
	}
	session, err := in.sessionByKey(sessionKey)
	if err != nil {
		return false, ignoreRemoved(err)
	}
	session.Counters.Sub(old.Counters())
	session.touched = true
	return true, errors.Join(
		in.writePayloads(), // the old one may be among them
		in.uncountStored(position),
		in.exec(in.stmt.deleteEvent, in.batch.Project, position),
		in.exec(in.stmt.deletePayload, in.batch.Project, position),
	)
}

func nullSkew(d time.Duration) any { return nullCount(d.Milliseconds()) }
