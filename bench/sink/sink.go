// Package sink is the server that every SDK delivers to: a process of its own, which looks at as little as it can, counts the events by the markers in their
// texts and compares each text with what it should be.
package sink

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/bench/usage"
	"github.com/sentrial/sentrial-go/bench/work"
)

// StatsPath is where the sink tells its counts.
const StatsPath = "/bench/stats"

// Stats are the counts.
type Stats struct {
	Requests    uint64
	WireBytes   uint64 // of bodies, as they came
	OpenBytes   uint64 // of bodies, decompressed
	Events      uint64
	Counts      work.Counts
	Changed     uint64 // events whose texts are not what they were when they were recorded
	Unreadable  uint64 // bodies
	LastArrival int64  // Unix nanoseconds
	CPU         time.Duration
	Records     *Records `json:",omitempty"` // with WithRecords
}

// Sink is an HTTP handler.
type Sink struct {
	expected *work.Expected
	delay    time.Duration

	mu      sync.Mutex
	stats   Stats
	records *recordKeeper
}

// Option changes a Sink.
type Option func(*Sink)

// WithDelay makes each answer take that long.
func WithDelay(d time.Duration) Option { return func(s *Sink) { s.delay = d } }

// WithRecords decodes the events of our own wire and looks at each field; it costs too much to be done while speed is measured.
func WithRecords() Option { return func(s *Sink) { s.records = newRecordKeeper() } }

// New makes a sink.
func New(opts ...Option) *Sink {
	s := &Sink{expected: work.Expect()}
	for _, o := range opts {
		o(s)
	}
	return s
}

func (s *Sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == StatsPath {
		s.tell(w)
		return
	}
	b := bodies.Get().(*body)
	defer bodies.Put(b)
	open, err := b.read(r)
	s.count(b.wire.Len(), open, err)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if s.delay > 0 {
		wait(r, s.delay)
	}
	answer(w, r.URL.Path, open)
}

// wait lets time pass, unless the client has gone.
func wait(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

func (s *Sink) count(wire int, open []byte, err error) {
	found := scan(s.expected, open)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Requests++
	s.stats.WireBytes += uint64(wire)
	s.stats.OpenBytes += uint64(len(open))
	if err != nil {
		s.stats.Unreadable++
		return
	}
	found.addTo(&s.stats)
	s.stats.LastArrival = time.Now().UnixNano()
	if s.records != nil {
		s.records.add(open)
	}
}

// Snapshot is the counts so far.
func (s *Sink) Snapshot() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.stats
	stats.CPU = usage.CPU()
	if s.records != nil {
		stats.Records = s.records.summary()
	}
	return stats
}

func (s *Sink) tell(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s.Snapshot()) // whoever asked has gone
}
