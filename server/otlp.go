package server

import (
	"errors"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
	"github.com/sentrial/sentrial-go/server/store"
)

// OTLP, the protocol of OpenTelemetry: what exporters send is kept in the store's inbox before it is acknowledged, put together by trace (inbox.go), and becomes
// events when enough of a trace has come (assemble.go).

// OTLP says how spans and log records become events. A zero field takes its default.
type OTLP struct {
	// Settle, Quiet and MaxWait are how long a trace is held after its root has come, since its latest span, and at most; default 1 s, 5 s and 30 s.
	Settle, Quiet, MaxWait time.Duration
	// HoldBytes bounds what is held in memory of requests whose events are not made yet; more get 503. Default 64 MiB.
	HoldBytes int64
}

// signal is what a request of OTLP holds.
type signal string

const (
	signalTraces  signal = "traces"
	signalLogs    signal = "logs"
	signalMetrics signal = "metrics"
)

// counted is what the protocol calls the things of a signal that were rejected.
var counted = map[signal]string{signalTraces: "Spans", signalLogs: "LogRecords", signalMetrics: "DataPoints"}

// otlp takes a request over HTTP.
func (s *Server) otlp(what signal) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Accept-Encoding", acceptEncoding)
		project, err := projectOf(r)
		if err != nil {
			return err
		}
		form, ok := otlpForm(r)
		if !ok {
			return mediaType("Content-Type " + shorten(r.Header.Get("Content-Type")) + " is not taken, send application/x-protobuf or application/json")
		}
		body, err := s.readBody(w, r)
		if err != nil {
			return againLater(err)
		}
		defer recycle(body)
		tally, err := s.takeOTLP(r, sentOTLP{project, what, form, body.Bytes()})
		if err != nil {
			return err
		}
		writeOTLP(w, http.StatusOK, form, otlp.Reply(form, counted[what], tally))
		return nil
	}
}

// againLater is err, but for what a client of OTLP would not send again: it does so after 503, and not after 408.
func againLater(err error) error {
	if known, ok := errors.AsType[*apiError](err); ok && known.status == http.StatusRequestTimeout {
		return unavailable(known.message, known.cause)
	}
	return err
}

// otlpForm is how a request is written.
func otlpForm(r *http.Request) (otlp.Form, bool) {
	switch mediaOf(r) {
	case "application/x-protobuf":
		return otlp.Protobuf, true
	case "application/json":
		return otlp.JSON, true
	}
	return otlp.JSON, false
}

// sentOTLP is a request's body, unfolded.
type sentOTLP struct {
	project string
	what    signal
	form    otlp.Form
	body    []byte
}

// takeOTLP keeps what came: when it returns, that is committed.
func (s *Server) takeOTLP(r *http.Request, sent sentOTLP) (otlp.Tally, error) {
	got, err := s.readOTLP(r, sent)
	if err != nil {
		return got.tally, otlpError(s.limits, err)
	}
	if len(got.spans)+len(got.logs) > 0 {
		err = s.keepOTLP(r, sent, &got)
	}
	s.metrics.noteOTLP(sent.what, &got, err)
	return got.tally, err
}

// readOTLP decodes a body. Not more than so many are decoded at a time, for what comes out is larger.
func (s *Server) readOTLP(r *http.Request, sent sentOTLP) (arrival, error) {
	select {
	case s.unfolding <- struct{}{}:
		defer func() { <-s.unfolding }()
	case <-r.Context().Done():
		return arrival{}, unavailable("the body was not looked at", r.Context().Err())
	}
	return readArrival(sent.what, sent.form, sent.body)
}

// arrival is what a request brought.
type arrival struct {
	spans []*genai.Span
	logs  []*genai.Log
	tally otlp.Tally
	bytes int
	left  int // of them, those that say nothing to an assembler
}

func readArrival(what signal, form otlp.Form, body []byte) (got arrival, err error) {
	got.bytes = len(body)
	limits := otlp.StandardLimits()
	switch what {
	case signalTraces:
		got.spans, got.tally, err = otlp.Traces(body, form, limits)
	case signalLogs:
		got.logs, got.tally, err = otlp.Logs(body, form, limits)
	default:
		got.tally, err = otlp.Metrics(body, form, limits)
	}
	return got, err
}

// What spans and their attributes take in memory beside their texts, about.
const (
	itemBytes      = 2048
	attributeBytes = 64
)

// extra is what it takes beyond the body.
func (a *arrival) extra() int { return a.tally.Taken*itemBytes + a.tally.Values*attributeBytes }

func (s *Server) keepOTLP(r *http.Request, sent sentOTLP, got *arrival) error {
	if err := s.hold(r, got.extra()); err != nil {
		return err
	}
	size := int64(got.bytes + got.extra())
	if !s.inbox.reserve(size) {
		return unavailable("too much is waiting to become events, send this again", store.ErrBusy)
	}
	now := s.now()
	id, err := s.store.KeepInbox(r.Context(), store.InboxRequest{
		Project: sent.project, Signal: string(sent.what), Form: int(sent.form), ReceivedAt: now, Body: sent.body,
	})
	if err != nil {
		s.inbox.unreserve(size)
		return notStored(err)
	}
	s.inbox.add(now, sent.project, &kept{id: id, size: size, receivedAt: now}, got)
	return nil
}

// otlpError tells a request that holds too much from one that is none.
func otlpError(limits Limits, err error) error {
	if known, ok := errors.AsType[*apiError](err); ok {
		return known
	}
	if errors.Is(err, otlp.ErrTooMuch) {
		return tooLarge(limits, "%v", err)
	}
	return invalid("the body is no request of OTLP: %v", err)
}

// writeOTLP answers in the form of the request.
func writeOTLP(w http.ResponseWriter, status int, form otlp.Form, body []byte) {
	media := "application/x-protobuf"
	if form == otlp.JSON {
		media = "application/json"
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection's loss
}
