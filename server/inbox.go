package server

import (
	"log/slog"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

const (
	standardHoldBytes = 64 << 20
	standardSettle    = time.Second
	standardMaxWait   = 30 * time.Second
	// maxAssemblies bounds the projects whose traces are put together at a time.
	maxAssemblies = 1000
)

// assembler is a genai.Assembler.
type assembler interface {
	Add(now time.Time, spans ...*genai.Span) (left int)
	AddLogs(now time.Time, logs ...*genai.Log) (left int)
	Take(now time.Time) []genai.Released
	TakeAll(now time.Time) []genai.Released
	Next() (time.Time, bool)
	Held() int
}

// inbox is what came by OTLP and is not stored as events yet. All of it is in the store's inbox too.
type inbox struct {
	log  *slog.Logger
	cfg  genai.Config
	most int64 // bytes
	make func() assembler
	wake chan struct{} // has something in it when something came

	mu        sync.Mutex
	held      int64 // bytes
	projects  map[string]*assembly
	swept     time.Time
	firstLive int64 // the smallest id of a request that came to this process, 0 = none did
}

// assembly is one project's.
type assembly struct {
	assembler
	open map[genai.TraceID]*openTrace
	used time.Time
}

// openTrace is a trace of which something is held.
type openTrace struct {
	requests   []*kept
	added      time.Time // when the latest part of it was
	receivedAt time.Time
	source     otlp.Source
	others     map[genai.SpanID]otlp.Source // of the spans that are from other programs
}

// kept is a request in the store's inbox. Its fields belong to the inbox's lock.
type kept struct {
	id         int64
	size       int64
	receivedAt time.Time
	open       int // how many of its traces are not done
}

func newInbox(o OTLP, idle time.Duration, log *slog.Logger) *inbox {
	in := &inbox{
		log:  log,
		cfg:  genai.Config{Settle: o.Settle, Quiet: o.Quiet, MaxWait: o.MaxWait, SessionIdle: idle},
		most: o.HoldBytes, wake: make(chan struct{}, 1), projects: make(map[string]*assembly),
	}
	if in.most <= 0 {
		in.most = standardHoldBytes
	}
	if in.cfg.Settle == 0 {
		in.cfg.Settle = standardSettle
	}
	if in.cfg.MaxWait <= 0 {
		in.cfg.MaxWait = standardMaxWait
	}
	in.make = func() assembler { return genai.NewAssembler(in.cfg) }
	return in
}

// reserve keeps room for a request, unless what is held leaves none.
func (in *inbox) reserve(size int64) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.held > 0 && in.held+size > in.most {
		return false
	}
	in.held += size
	return true
}

func (in *inbox) unreserve(size int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.held -= size
}

func (in *inbox) bytes() int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.held
}

// add takes in a request that came and was kept.
func (in *inbox) add(now time.Time, project string, k *kept, got *arrival) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.firstLive == 0 || k.id < in.firstLive {
		in.firstLive = k.id
	}
	in.join(now, project, k, got, nil)
	in.stir()
}

// stir wakes who assembles.
func (in *inbox) stir() {
	select {
	case in.wake <- struct{}{}:
	default: // it is awake
	}
}

// join gives a request to its project's assembler, but for the traces that are done.
func (in *inbox) join(now time.Time, project string, k *kept, got *arrival, done map[genai.TraceID]bool) {
	a := in.assemblyOf(project)
	a.used = now
	if !in.sparing(project, k, func() { a.addAll(now, k, got, done) }) {
		return
	}
	if k.open == 0 { // nothing of it means anything: the next round settles it
		a.note(now.Add(-in.cfg.MaxWait), k, genai.TraceID{})
	}
}

// addAll gives the assembler what a request brought.
func (a *assembly) addAll(now time.Time, k *kept, got *arrival, done map[genai.TraceID]bool) {
	for _, s := range got.spans {
		switch {
		case done[s.TraceID]:
		case a.Add(now, s) == 0:
			a.note(now, k, s.TraceID).from(s)
		default:
			got.left++
		}
	}
	for _, l := range got.logs {
		switch {
		case done[l.TraceID]:
		case a.AddLogs(now, l) == 0:
			a.note(now, k, l.TraceID)
		default:
			got.left++
		}
	}
}

func (in *inbox) assemblyOf(project string) *assembly {
	a := in.projects[project]
	if a == nil {
		in.makeRoom()
		a = &assembly{assembler: in.make(), open: make(map[genai.TraceID]*openTrace)}
		in.projects[project] = a
	}
	return a
}

// makeRoom forgets the project that was silent for longest, if there are too many; what is remembered of its traces is lost, and nothing else. Those of which
// something is held stay, and are bounded by how much may be.
func (in *inbox) makeRoom() {
	if len(in.projects) < maxAssemblies {
		return
	}
	var silent string
	for name, a := range in.projects {
		if len(a.open) == 0 && a.Held() == 0 && (silent == "" || a.used.Before(in.projects[silent].used)) {
			silent = name
		}
	}
	delete(in.projects, silent)
}

// note remembers that a trace has something of a request.
func (a *assembly) note(now time.Time, k *kept, id genai.TraceID) *openTrace {
	t := a.open[id]
	if t == nil {
		t = &openTrace{receivedAt: k.receivedAt}
		a.open[id] = t
	}
	if n := len(t.requests); n == 0 || t.requests[n-1] != k {
		t.requests = append(t.requests, k)
		k.open++
	}
	t.added = now
	return t
}

// from remembers which program a span is from.
func (t *openTrace) from(s *genai.Span) {
	source := otlp.SourceOf(s.Resource)
	switch {
	case t.source == (otlp.Source{}):
		t.source = source
	case t.source != source:
		if t.others == nil {
			t.others = make(map[genai.SpanID]otlp.Source)
		}
		t.others[s.SpanID] = source
	}
}

// sourceOf is the program that a span is from.
func (t *openTrace) sourceOf(id genai.SpanID) otlp.Source {
	if s, other := t.others[id]; other {
		return s
	}
	return t.source
}
