package sentrial

import "sync/atomic"

// Stats is one consistent snapshot of a client's counters. Between any two calls this holds exactly:
//
//	Accepted + Recovered == Delivered + sum(Dropped) + Queued
//
// Refused events were never accepted; Dropped ones were, what Close leaves in memory included (as DropClosed). A copy of an open span sent as running is not
// counted.
type Stats struct {
	Accepted  uint64 // events whose id was given to the caller, session_start, _update and _end included
	Recovered uint64 // taken over from a spool that an earlier process left
	Delivered uint64 // acknowledged by the server, duplicates included

	Queued   uint64 // accepted, neither delivered nor dropped; includes the next two
	InFlight uint64 // in a request that has no answer yet
	Spooled  uint64 // on disk

	Duplicates uint64 // delivered events that the server already had
	Requests   uint64 // HTTP requests begun for events
	Retries    uint64 // those of them that sent something again
	QueueBytes int64  // size of the queued events as they are held in memory

	Dropped map[DropReason]uint64 // accepted, then lost, by reason; no entry = 0
	Refused map[DropReason]uint64 // never accepted, by reason; no entry = 0

	Abandoned   uint64 // spans that nobody ended before Close
	Unsessioned uint64 // helper calls of this process with no session in their context, since the client was made
	LastError   error  // the transport's last failure; nil after a success
}

// unsessioned counts helper calls that found no session. Such a call knows no client, so the count is the process's and each client reports what came after
// it was made.
var unsessioned atomic.Uint64
