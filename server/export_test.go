package server

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"testing/iotest"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// DecodeRequest returns how many events a body holds for the store, the ids of those rejected, and the texts of the events.
func DecodeRequest(body []byte, limits Limits) (events [][]byte, rejected []string, err error) {
	return decodeAs((*decoder).request, body, limits)
}

// DecodeLines does the same for a body of lines.
func DecodeLines(body []byte, limits Limits) (events [][]byte, rejected []string, err error) {
	return decodeAs((*decoder).lines, body, limits)
}

func decodeAs(read form, body []byte, limits Limits) (events [][]byte, rejected []string, err error) {
	sent, err := decodeBody(body, read, limits.withDefaults(), true)
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

// DecodeCount returns how many events a body holds for the store. Their hash is made too if the request had a key.
func DecodeCount(body []byte, limits Limits, keyed bool) (int, error) {
	sent, err := decodeBody(body, (*decoder).request, limits.withDefaults(), keyed)
	if err != nil {
		return 0, err
	}
	return len(sent.events), nil
}

// RefuseBody reads a body as far as the events in it.
func RefuseBody(body []byte, encoding string) error {
	limits := Limits{}.withDefaults()
	s := &Server{limits: limits, unfolding: make(chan struct{}, 1), bodyBytes: standardBodyBytes}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "/", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Encoding", encoding)
	plain, err := s.readBody(nil, r)
	if err != nil {
		return err
	}
	defer recycle(plain)
	_, err = decodeRequest(plain.Bytes(), limits)
	return err
}

// Patterns are those of all routes.
func (s *Server) Patterns() (patterns []string) {
	for _, r := range s.table() {
		patterns = append(patterns, r.pattern)
	}
	return patterns
}

// EventFields are the fields known of each type of event, those of the envelope included.
func EventFields() map[string][]string {
	fields := make(map[string][]string)
	for kind, own := range fieldsOf {
		for number := range maxFieldNames {
			for _, set := range []*fieldSet{envelope, own} {
				if f := set[number]; f != nil {
					fields[string(kind)] = append(fields[string(kind)], f.name)
				}
			}
		}
	}
	return fields
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

// Held returns how many bytes of bodies are being taken in.
func (s *Server) Held() int64 { return s.inflight.Load() }

// Wrap puts a handler before the server's own. All requests go through it, those that [Server.Serve] takes too.
func (s *Server) Wrap(with func(own http.Handler) http.Handler) { s.handler = with(s.handler) }

// OpenStreams returns how many streams are open.
func (s *Server) OpenStreams() int { return s.streams.count() }

// Route is a pattern of the table and the scope that it needs, "" = none.
type Route struct{ Pattern, Scope string }

// Routes are all there are.
func (s *Server) Routes() (routes []Route) {
	for _, r := range s.table() {
		routes = append(routes, Route{r.pattern, string(r.scope)})
	}
	return routes
}

// AllowsHost reports whether a server that answers to these names too takes a Host header.
func AllowsHost(host string, loopback bool, allowed ...string) bool {
	h, err := newHosts(allowed)
	return err == nil && h.allows(host, loopback)
}

// AllowsOrigin does so of an Origin header.
func AllowsOrigin(origin string, loopback bool, allowed ...string) bool {
	h, err := newHosts(allowed)
	return err == nil && h.allowsOrigin(origin, loopback)
}

// Bearer is the key that a header shows.
func Bearer(h http.Header) string { return bearer(h) }

// DecodeKeyRequest returns the scopes and the end of the key that a body asks for.
func DecodeKeyRequest(body []byte, now time.Time) (name string, scopes []string, end time.Time, err error) {
	k, err := decodeKeyRequest(body, now)
	return k.Name, k.Scopes, k.ExpiresAt, err
}

var (
	NewKeyText = newKeyText
	IsKeyText  = isKeyText
	Unkeyed    = unkeyed
)

// Remembered is how many keys and prefixes without one a server remembers, and how many callers it counts.
func (s *Server) Remembered() (known, unknown, counted int) {
	s.keys.mu.Lock()
	known, unknown = len(s.keys.known), len(s.keys.unknown)
	s.keys.mu.Unlock()
	s.limiter.mu.Lock()
	defer s.limiter.mu.Unlock()
	for _, counts := range s.limiter.counts {
		counted += len(counts)
	}
	return known, unknown, counted
}

// What is remembered at most.
const (
	RingSize    = ringSize
	MostCounted = mostCounted
)

// ForgetKeys is what the server does when a key is made or revoked.
func (s *Server) ForgetKeys() { s.keys.forget() }

// RoomFor is how large the buffer is that holds a body of that Content-Length, or -1, when so much of it has come.
func RoomFor(came int, length int64) int {
	s := &Server{limits: Limits{}.withDefaults()}
	buf, _ := readAll(io.MultiReader(bytes.NewReader(make([]byte, came)), iotest.ErrReader(io.ErrUnexpectedEOF)), length, s.limits.MaxWireBytes)
	return buf.Cap()
}

// ReadAll reads a body of that Content-Length, or -1.
func ReadAll(body []byte, length int64) ([]byte, error) {
	s := &Server{limits: Limits{}.withDefaults()}
	buf, err := readAll(http.MaxBytesReader(nil, io.NopCloser(bytes.NewReader(body)), s.limits.MaxWireBytes), length, s.limits.MaxWireBytes)
	return buf.Bytes(), err
}

// MaxPooled is how large a buffer may be that was there already.
const MaxPooled = maxPooled

// NewDoorman is a listener that keeps count.
func NewDoorman(ln net.Listener, c Connections) net.Listener { return newDoorman(ln, c) }

// Assembler puts traces together.
type Assembler = assembler

// SetAssembler replaces the one that traces are put together by.
func (s *Server) SetAssembler(by func(genai.Config) Assembler) {
	s.inbox.make = func() assembler { return by(s.inbox.cfg) }
}

// HeldOTLP is how many bytes are held of requests whose events are not made yet.
func (s *Server) HeldOTLP() int64 { return s.inbox.bytes() }

// Assemblies is how many projects' traces are remembered.
func (s *Server) Assemblies() int {
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	return len(s.inbox.projects)
}

// FitEvent cuts an event that is too large or nests too deep.
func FitEvent(text []byte, limits Limits) []byte { return fitEvent(text, limits.withDefaults()) }
