package server

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"strings"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	spans "github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
	"github.com/sentrial/sentrial-go/server/store"
)

// maxAssembledBytes bounds what of a trace is stored at a time.
const maxAssembledBytes = 4 << 20

// storeGiven stores the events of a trace, as if each program that took part had sent its own in batches. What is wrong with one costs that event only. It may be
// called again when it failed: events that are there already are duplicates.
func (s *Server) storeGiven(ctx context.Context, g *given) error {
	var bySource []otlp.Source
	lines := make(map[otlp.Source]*eventLines)
	for i := range g.released {
		e := &g.released[i]
		source := g.sourceOf(e)
		if lines[source] == nil {
			lines[source], bySource = new(eventLines), append(bySource, source)
		}
		text, err := s.lineOf(g, e, source)
		if err != nil {
			s.metrics.noteUnfit(1)
			s.log.LogAttrs(ctx, slog.LevelWarn, "an event of a span has no JSON form", slog.String("event", e.ID), slog.Any("error", err))
			continue
		}
		lines[source].add(text, s.limits.MaxEvents)
	}
	for _, source := range bySource {
		for _, body := range lines[source].bodies {
			if err := s.storeLines(ctx, g.project, clientOf(source), body.Bytes()); err != nil {
				return err
			}
		}
	}
	return nil
}

// eventLines are events in the form of lines, in pieces that can be stored at once.
type eventLines struct {
	bodies []*bytes.Buffer
	count  int // in the last of them
}

func (l *eventLines) add(text []byte, most int) {
	last := len(l.bodies) - 1
	if last < 0 || l.count == most || l.bodies[last].Len()+len(text) > maxAssembledBytes {
		l.bodies, l.count, last = append(l.bodies, new(bytes.Buffer)), 0, last+1
	}
	l.bodies[last].Write(text)
	l.bodies[last].WriteByte('\n')
	l.count++
}

// lineOf is an event in its JSON form, cut to what a server takes.
func (s *Server) lineOf(g *given, found *genai.Event, source otlp.Source) ([]byte, error) {
	e := spans.Event(*found)
	if !storable(e.Timestamp) { // no span has another time to say
		e.Timestamp = g.trace.receivedAt
	}
	e.Duration = min(max(e.Duration, 0), maxDuration)
	if _, said := e.Metadata["service"]; !said && source.Service != "" {
		e.Metadata = withMember(e.Metadata, "service", source.Service)
	}
	s.prices.Estimate(&e)
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return fitEvent(text, s.limits), nil
}

// withMember is a copy of what may be shared.
func withMember(of map[string]any, name string, value any) map[string]any {
	out := make(map[string]any, len(of)+1)
	maps.Copy(out, of)
	out[name] = value
	return out
}

// clientOf is the client that a program counts as.
func clientOf(source otlp.Source) store.Client {
	id := "otlp"
	if source.Service != "" {
		id += ":" + source.Service
	}
	return store.Client{
		ID: nameOf(id), SDK: nameOf(cmp.Or(source.SDK, "opentelemetry")), Version: nameOf(source.SDKVersion), Service: nameOf(source.Service),
		Environment: nameOf(source.Environment), Release: nameOf(source.Version),
	}
}

// nameOf is text no longer than what a batch may say of its client.
func nameOf(text string) string { return strings.ToValidUTF8(text[:min(len(text), maxName)], "") }

// storeLines stores events through the way that batches take.
func (s *Server) storeLines(ctx context.Context, project string, client store.Client, body []byte) error {
	sent, err := decodeBody(body, (*decoder).lines, s.limits, false)
	if err != nil {
		s.metrics.noteUnfit(bytes.Count(body, []byte("\n")))
		s.log.LogAttrs(ctx, slog.LevelError, "events of spans could not be read", slog.Any("error", err))
		return nil
	}
	sent.client = client
	reply, err := s.keep(ctx, project, sent)
	for i := range reply.Rejected {
		r := &reply.Rejected[i]
		s.log.LogAttrs(ctx, slog.LevelWarn, "an event of a span was not stored", slog.String("event", r.ID), slog.String("code", r.Code), slog.String("reason", r.Message))
	}
	return err
}
