package faultsink

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
)

// ledger holds what was seen of events on the wire, and what was stored of them.
type ledger struct {
	mu       sync.Mutex
	received int
	seen     map[sightingKey]fingerprint
	changed  []string // ids that came with other bytes than before
	keys     map[string]fingerprint
	reused   []string // idempotency keys that came with other events than before
	broken   []string // what was wrong with requests that could not be read

	rows       []Event
	index      map[string]int // into rows, by id
	duplicates int
	keepAll    bool
}

// sightingKey names what must be byte-equal whenever it comes: an event, or the copy of it that says running.
type sightingKey struct {
	id      string
	running bool
}

type fingerprint [sha256.Size]byte

func newLedger() ledger {
	return ledger{seen: map[sightingKey]fingerprint{}, keys: map[string]fingerprint{}, index: map[string]int{}}
}

// KeepDuplicates makes the sink store an event as often as it comes, as a server without deduplication does, until the end of its life.
func (s *Sink) KeepDuplicates() {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	s.ledger.keepAll = true
}

// saw notes the events of a request, and tells whether its key came with other events before.
func (l *ledger) saw(key string, events []Event) (conflict bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := sha256.New()
	for _, e := range events {
		l.sawEvent(e)
		all.Write(e.JSON)
	}
	return key != "" && l.sawKey(key, fingerprint(all.Sum(nil)))
}

func (l *ledger) sawEvent(e Event) {
	l.received++
	now := fingerprint(sha256.Sum256(e.constant()))
	before, again := l.seen[e.sighting()]
	if again && before != now && !slices.Contains(l.changed, e.ID) {
		l.changed = append(l.changed, e.ID)
	}
	l.seen[e.sighting()] = now
}

func (l *ledger) sawKey(key string, events fingerprint) (conflict bool) {
	before, again := l.keys[key]
	if conflict = again && before != events; conflict {
		l.reused = append(l.reused, key)
		return true
	}
	l.keys[key] = events
	return false
}

func (l *ledger) malformed(n int, problem string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = append(l.broken, fmt.Sprintf("request %d: %s", n, problem))
}

// store commits events as the protocol says: the first of an id wins, but a final event replaces a running copy.
func (l *ledger) store(events []Event) (accepted, duplicates int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		if l.storeEvent(e) {
			accepted++
		} else {
			duplicates++
		}
	}
	l.duplicates += duplicates
	return accepted, duplicates
}

// add stores an event as often as it comes, as a server without deduplication does.
func (l *ledger) add(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.index[e.ID]; known {
		l.duplicates++
	} else {
		l.index[e.ID] = len(l.rows)
	}
	l.rows = append(l.rows, e)
}

// once stores what says the same however often it comes.
func (l *ledger) once(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.index[e.ID]; !known {
		l.storeEvent(e)
	}
}

func (l *ledger) storeEvent(e Event) (fresh bool) {
	i, known := l.index[e.ID]
	switch {
	case known && l.rows[i].Status == running && e.Status != running:
		l.rows[i] = e
		return true
	case known && !l.keepAll:
		return false
	case !known:
		l.index[e.ID] = len(l.rows)
	}
	l.rows = append(l.rows, e)
	return !known
}
