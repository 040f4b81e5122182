package sentrial

import (
	"slices"
	"time"
)

// bulk is what a server may find too large in a batch.
type bulk struct{ events, bytes int }

func bulkOf(bt *batch) bulk {
	b := bulk{events: len(bt.records)}
	for _, r := range bt.records {
		b.bytes += len(r)
	}
	return b
}

// sizeLimits remembers batches that the server called too large (413), so that each size is refused once only. A server does not say whether it counts events
// or bytes: a batch is known to be too large when it has as many of both as a refused one. It is the sender's own.
type sizeLimits []sizeLimit

type sizeLimit struct {
	bulk
	until time.Time
}

// limitLife is how long a size is not tried again: limits are configured anew, and a proxy may have answered for the server.
const limitLife = 10 * time.Minute

// maxSizeLimits bounds what is remembered; the latest count.
const maxSizeLimits = 32

func (l *sizeLimits) learn(bt *batch, now time.Time) {
	refused := sizeLimit{bulkOf(bt), now.Add(limitLife)}
	*l = slices.DeleteFunc(*l, func(known sizeLimit) bool { return known.contains(refused.bulk) })
	if len(*l) == maxSizeLimits {
		*l = slices.Delete(*l, 0, 1)
	}
	*l = append(*l, refused)
}

// exceededBy tells whether bt is known to be too large. A single event never is: it has to be tried.
func (l sizeLimits) exceededBy(bt *batch, now time.Time) bool {
	if len(l) == 0 || len(bt.records) < 2 {
		return false
	}
	size := bulkOf(bt)
	return slices.ContainsFunc(l, func(known sizeLimit) bool { return size.contains(known.bulk) && now.Before(known.until) })
}

// contains tells whether b is as large as other in both ways.
func (b bulk) contains(other bulk) bool { return b.events >= other.events && b.bytes >= other.bytes }
