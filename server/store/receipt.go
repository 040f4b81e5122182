package store

import (
	"crypto/sha256"
	"errors"
	"time"
)

var (
	// ErrBusy reports that more is waiting to be stored than the engine keeps in memory. Nothing of the batch was taken: come again later.
	ErrBusy = errors.New("store: too much is waiting to be stored")
	// ErrConflict reports that other events came under the batch's idempotency key.
	ErrConflict = errors.New("store: the idempotency key belongs to other events")
)

// ReceiptLife is how long the reply to a batch is given to whoever sends the same again.
const ReceiptLife = 24 * time.Hour

// Idempotency makes a batch answered once: whoever sends it again under its key gets the reply that was given then.
type Idempotency struct {
	Key  string
	Hash [sha256.Size]byte // over the events as they were sent
	// Reply makes the reply to keep of what became of the batch's events.
	Reply func([]Outcome) []byte
}

// Receipt is what became of a batch.
type Receipt struct {
	Outcomes []Outcome // of Batch.Events, in the same order; nil for a replay
	Reply    []byte    // of a batch with an [Idempotency]
	Replayed bool      // Reply is that of an earlier request; this one stored nothing
}
