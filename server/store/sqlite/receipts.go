package sqlite

import (
	"bytes"
	"database/sql"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
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

// remember keeps the reply to the batch, if it has a key, and returns it.
func (in *ingestion) remember(outcomes []store.Outcome) (reply []byte, err error) {
	key := in.batch.Idempotency
	if key == nil {
		return nil, nil
	}
	reply = key.Reply(outcomes)
	return reply, in.exec(in.stmt.writeReceipt, in.batch.Project, key.Key, key.Hash[:], in.batch.ReceivedAt.UnixNano(), reply)
}

func (in *ingestion) oldestReceipt() int64 {
	return in.batch.ReceivedAt.Add(-store.ReceiptLife).UnixNano()
}

const (
	readReceiptSQL  = `SELECT hash, reply FROM receipts WHERE project = ? AND key = ? AND at > ?`
	writeReceiptSQL = `
INSERT INTO receipts (project, key, hash, at, reply) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (project, key) DO UPDATE SET hash = excluded.hash, at = excluded.at, reply = excluded.reply`
)
