// Package eventmill makes up the events of a busy project, for measuring: the same ones whenever they are asked for with the same seed.
//
// Sessions of 20 events follow each other over 30 days. They belong to 40 agents and 5,000 users, their calls go to 12 models and 30 tools, the first
// of each far more often than the last. Their texts are words of a vocabulary of 20,000 with the frequencies of a language; an event takes about
// 1.5 KB. One event in fifty failed.
package eventmill

import (
	"bufio"
	"io"
	"iter"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	// PerSession is how many events a session has.
	PerSession = 20

	// Span is the time that the sessions are spread over.
	Span = 30 * 24 * time.Hour
)

// Options says which events.
type Options struct {
	Events int       // how many; the last session may be cut short
	Seed   uint64    // other seeds make other texts, names, numbers and ids
	Until  time.Time // when the last session begins, about; zero = the end of 2026
}

// Events returns the events in the order of their sessions, as the server would read them from their JSON, which is their Raw. Each is the caller's.
func Events(o Options) iter.Seq[store.Event] {
	return func(yield func(store.Event) bool) {
		if o.Until.IsZero() {
			o.Until = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
		}
		words := newVocabulary()
		sessions := (o.Events + PerSession - 1) / PerSession
		for i := range sessions {
			s := newSession(o, words, i, sessions)
			for seq := range min(PerSession, o.Events-i*PerSession) {
				if !yield(s.event(seq)) {
					return
				}
			}
		}
	}
}

// WriteNDJSON writes the same events, one a line.
func WriteNDJSON(w io.Writer, o Options) error {
	out := bufio.NewWriterSize(w, 1<<20)
	for e := range Events(o) {
		if _, err := out.Write(append(e.Raw, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}
