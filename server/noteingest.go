package server

import (
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// What becomes of an event, as a label.
const (
	outcomeAccepted  = "accepted"
	outcomeDuplicate = "duplicate"
	outcomeRejected  = "rejected"
	outcomeFailed    = "failed" // the store could not take it: it will come again
)

// noteIngest tells who wants to know what became of a request's events: the metrics, and the streams of the project.
func (s *Server) noteIngest(project string, sent *sentBatch, reply ingestReply, err error) {
	m := s.metrics
	m.clients.note(project, &sent.client)
	switch {
	case errors.Is(err, store.ErrConflict): // never stored, however often it comes
		m.events.WithLabelValues(outcomeRejected).Add(float64(len(sent.events)))
		m.rejected.WithLabelValues(codeConflict).Add(float64(len(sent.events)))
		return
	case err != nil:
		m.events.WithLabelValues(outcomeFailed).Add(float64(len(sent.events)))
		return
	}
	if skew(s.now(), sent.sentAt) != 0 {
		m.skewed.Inc()
	}
	m.events.WithLabelValues(outcomeAccepted).Add(float64(reply.Accepted))
	m.events.WithLabelValues(outcomeDuplicate).Add(float64(reply.Duplicates))
	m.events.WithLabelValues(outcomeRejected).Add(float64(len(reply.Rejected)))
	for i := range reply.Rejected {
		m.rejected.WithLabelValues(reply.Rejected[i].Code).Inc()
	}
	for i := range sent.events {
		m.eventBytes.Add(float64(len(sent.events[i].Raw)))
	}
	if reply.Accepted > 0 {
		s.streams.wake(project)
	}
}
