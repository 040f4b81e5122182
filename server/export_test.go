package server

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// DecodeRequest returns how many events a body holds for the store, the ids of those rejected, and the texts of the events.
func DecodeRequest(body []byte, limits Limits) (events [][]byte, rejected []string, err error) {
	sent, err := decodeRequest(body, limits.withDefaults())
	if err != nil {
		return nil, nil, err
	}
	for i := range sent.events {
		events = append(events, sent.events[i].Raw)
	}
	for _, r := range sent.rejected {
		rejected = append(rejected, r.ID)
	}
	return events, rejected, nil
}

// RoundTripCursor reads a cursor of list and writes it again.
func RoundTripCursor(text, list string) (string, error) {
	c, err := parseCursor(text, list)
	if c == nil || err != nil {
		return "", err
	}
	c.sessionKey()
	c.eventKey()
	return c.String(), nil
}

// ACursor is a cursor of list.
func ACursor(list string, timestamp, position int64) string {
	return cursor{List: list, Timestamp: timestamp, Client: `c"1`, Seq: 3, Position: position}.String()
}

// ParseInstant reads the parameters since and until.
func ParseInstant(text string, now time.Time) (time.Time, bool) { return parseInstant(text, now) }

// FactNames are the names in metadata that mean something on the hosted wire.
func FactNames() (names []string) {
	for _, facts := range [][]fact{
		sessionFacts, toolFacts, decisionFacts, errorFacts, llmFacts,
		{summaryFact, nameFact, kindFact},
		ownIdentity, ownTrace,
		{ownID, ownSession, ownType, ownTime, ownStatus, ownPrompt, ownOutput, ownExtra},
	} {
		for _, f := range facts {
			names = append(names, f.name)
		}
	}
	return names
}

// HostedFields are the fields of events on the hosted wire.
func HostedFields() []string { return slices.Collect(maps.Keys(hostedNames)) }

// MaxProjectStreams is how many streams a project may have.
const MaxProjectStreams = maxProjectStreams

// OpenStreams returns how many streams are open.
func (s *Server) OpenStreams() int { return s.streams.count() }

// SetRecheck sets what asks whether a stream may go on.
func (s *Server) SetRecheck(f func(*http.Request) error) { s.recheck = f }
