package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"regexp"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/pricing"
)

// spanEvents reads files of spans as the events that the spans become, one a line. It holds what it needs of them, not more: spans of one trace may be anywhere in
// the files, and be given in pieces when those are larger than maxSpansHeld or maxBytesHeld.
type spanEvents struct {
	files   *otlpFiles
	asm     *genai.Assembler
	prices  *pricing.Table   // for calls whose spans report no cost
	now     time.Time        // always the same: what is in files is over, however long the reading takes
	each    func()           // after each body
	queue   []genai.Released // whose events are to be written yet
	pending bytes.Buffer
	held    int64 // bytes of bodies that were read since all was given away
	ended   bool

	mu    sync.Mutex // for whoever asks before the end
	tally spanTally
	lines []lineOf
}

// lineOf is what a line is about.
type lineOf struct {
	session string
	trace   genai.TraceID
	span    genai.SpanID
}

const maxSpansHeld = 1 << 20

var maxBytesHeld int64 = 64 << 20

// spanTally counts what became of spans.
type spanTally struct {
	otlpFound
	Traces  int            `json:"traces"`
	Types   map[string]int `json:"events"`  // how many of each type
	Nothing map[string]int `json:"nothing"` // spans that became no event, by the reason
	seen    map[genai.TraceID]bool
}

func newSpanEvents(files *otlpFiles, now time.Time, cfg genai.Config) *spanEvents {
	cfg.Explain, cfg.MaxSpans = true, maxSpansHeld
	return &spanEvents{
		files: files, asm: genai.NewAssembler(cfg), now: now, each: func() {},
		tally: spanTally{otlpFound: files.found, Types: map[string]int{}, Nothing: map[string]int{}, seen: map[genai.TraceID]bool{}},
	}
}

// Read implements io.Reader for bulk.Import.
func (s *spanEvents) Read(p []byte) (int, error) {
	for s.pending.Len() == 0 {
		switch {
		case len(s.queue) > 0:
			if err := s.write(s.queue[0].Events); err != nil {
				return 0, err
			}
			s.queue[0] = genai.Released{}
			s.queue = s.queue[1:]
		case s.ended:
			return 0, io.EOF
		default:
			s.queue = s.more()
		}
	}
	return s.pending.Read(p)
}

// more reads a body, and gives what is settled by it.
func (s *spanEvents) more() []genai.Released {
	before := s.files.bodies
	b, err := s.files.next()
	if errors.Is(err, io.EOF) {
		s.ended = true
		return s.count(s.asm.Close(s.now))
	}
	s.asm.Add(s.now, b.Spans...)
	s.asm.AddLogs(s.now, b.Logs...)
	s.each()
	if s.held += s.files.bodies - before; s.held > maxBytesHeld {
		s.held = 0
		return s.count(s.asm.TakeAll(s.now))
	}
	return s.count(s.asm.Take(s.now))
}

func (s *spanEvents) count(all []genai.Released) []genai.Released {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally.otlpFound = s.files.found
	for i := range all {
		s.tally.add(&all[i])
		all[i].Explanations = nil
	}
	return all
}

// write makes lines of events.
func (s *spanEvents) write(events []genai.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range events {
		e := &events[i]
		whole := translate.Event(*e)
		s.prices.Estimate(&whole)
		line, err := json.Marshal(whole)
		if err != nil {
			return err
		}
		s.pending.Write(append(line, '\n'))
		s.lines = append(s.lines, lineOf{e.SessionID, e.TraceID, e.SpanID})
	}
	return nil
}

// inHex is what is different about reasons that are the same.
var inHex = regexp.MustCompile(`\b[0-9a-f]{8,32}\b`)

func (t *spanTally) add(r *genai.Released) {
	if !r.TraceID.IsZero() && !t.seen[r.TraceID] {
		t.seen[r.TraceID] = true
		t.Traces++
	}
	for i := range r.Events {
		t.Types[string(r.Events[i].Type)]++
	}
	for i := range r.Explanations {
		if x := &r.Explanations[i]; len(x.Became) == 0 {
			t.Nothing[inHex.ReplaceAllString(x.Why, "…")]++
		}
	}
}

// so is how far it came.
func (s *spanEvents) so() spanTally {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.tally
	now.Types, now.Nothing = maps.Clone(now.Types), maps.Clone(now.Nothing)
	return now
}

// place names what line n of those that were read is about; they count from 1.
func (s *spanEvents) place(n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 1 || n > len(s.lines) {
		return ""
	}
	switch e := s.lines[n-1]; {
	case !e.span.IsZero():
		return "span:" + e.span.String()
	case !e.trace.IsZero():
		return "trace:" + e.trace.String()
	default:
		return "session:" + e.session
	}
}
