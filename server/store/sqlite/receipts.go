package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	// receiptLife is how long a reply is kept for whoever sends the same again.
	receiptLife = 24 * time.Hour
	// receiptsAtOnce is how many replies a batch removes that are older: more than it adds.
	receiptsAtOnce = 64
)

// recall returns the receipt of the batch that came with this one's key before; found is false if there was none, or the batch has no key.
// It fails with [store.ErrConflict], and before anything is written, if that batch had other events.
func (in *ingestion) recall() (receipt store.Receipt, found bool, err error) {
	key := in.batch.Idempotency
	if key == nil {
		return receipt, false, nil
	}
	var hash []byte
	err = in.row(in.stmt.readReceipt, in.batch.Project, key.Key, in.oldestReceipt()).Scan(&hash, &receipt.Reply)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return store.Receipt{}, false, nil
	case err != nil:
		return store.Receipt{}, false, err
	case !bytes.Equal(hash, key.Hash[:]):
		return store.Receipt{}, false, store.ErrConflict
	}
	receipt.Replayed = true
	return receipt, true, nil
}

// remember keeps the reply to the batch, if it has a key, and returns it. Replies that are too old go, some at a time.
func (in *ingestion) remember(outcomes []store.Outcome) (reply []byte, err error) {
	key := in.batch.Idempotency
	if key == nil {
		return nil, nil
	}
	if err := in.exec(in.stmt.deleteReceipts, in.oldestReceipt(), receiptsAtOnce); err != nil {
		return nil, err
	}
	reply = key.Reply(outcomes)
	return reply, in.exec(in.stmt.writeReceipt, in.batch.Project, key.Key, key.Hash[:], in.batch.ReceivedAt.UnixNano(), reply)
}

func (in *ingestion) oldestReceipt() int64 { return in.batch.ReceivedAt.Add(-receiptLife).UnixNano() }

const (
	readReceiptSQL  = `SELECT hash, reply FROM receipts WHERE project = ? AND key = ? AND at > ?`
	writeReceiptSQL = `
INSERT INTO receipts (project, key, hash, at, reply) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (project, key) DO UPDATE SET hash = excluded.hash, at = excluded.at, reply = excluded.reply`
	deleteReceiptsSQL = `
DELETE FROM receipts WHERE (project, key) IN (SELECT project, key FROM receipts WHERE at <= ? ORDER BY at LIMIT ?)`
)
