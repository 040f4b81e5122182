package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

const (
	standardEvents = 100
	mostEvents     = 1000
	mostTypes      = 64
)

func (s *Server) listEvents(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	p, err := readParams(r, []string{"limit", "cursor"}, "type")
	if err != nil {
		return err
	}
	q, list, err := eventQuery(p, project, r.PathValue("id"))
	if err != nil {
		return err
	}
	page, err := s.store.Events(r.Context(), project, r.PathValue("id"), q)
	if errors.Is(err, store.ErrNotFound) {
		return noSession(r)
	}
	if err != nil {
		return err
	}
	writeRaw(w, eventList(page.Events, eventCursor(list, page.Next)))
	return nil
}

func (s *Server) getEvent(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	record, err := s.store.Event(r.Context(), project, r.PathValue("id"))
	if errors.Is(err, store.ErrNotFound) {
		return notFound("no event " + quote(r.PathValue("id")) + " in this project")
	}
	if err != nil {
		return err
	}
	writeRaw(w, append(appendEvent(nil, &record), '\n'))
	return nil
}

// eventQuery also returns the list's fingerprint.
func eventQuery(p params, project, session string) (q store.EventQuery, list string, err error) {
	names, err := p.types()
	if err != nil {
		return q, "", err
	}
	list = fingerprint("events", project, session, strings.Join(names, ","))
	after, err := parseCursor(p.text("cursor"), list)
	if err != nil {
		return q, "", err
	}
	q.After = after.eventKey()
	q.Limit, err = p.limit(standardEvents, mostEvents)
	for _, name := range names {
		q.Types = append(q.Types, types.EventType(name))
	}
	return q, list, err
}

// types returns the event types asked for, sorted: the parameter may be repeated, and each may hold several with commas between.
func (p params) types() ([]string, error) {
	var names []string
	for _, value := range p.values["type"] {
		if value == "" {
			continue // as with every other parameter, an empty one is none
		}
		for name := range strings.SplitSeq(value, ",") {
			if !types.EventType(name).Valid() {
				return nil, invalid("type: expected words of a-z 0-9 _ such as tool_call, got %s", quote(name))
			}
			names = append(names, name)
		}
	}
	if len(names) > mostTypes {
		return nil, invalid("type: expected at most %d, got %d", mostTypes, len(names))
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// eventList is the JSON of a page. It is put together by hand: an encoder would rewrite the events.
func eventList(events []store.Record, next string) []byte {
	size := 64
	for i := range events {
		size += len(events[i].Raw) + 128
	}
	out := append(make([]byte, 0, size), `{"data":[`...)
	for i := range events {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendEvent(out, &events[i])
	}
	out = append(out, ']')
	if next != "" {
		out = append(append(append(out, `,"next_cursor":"`...), next...), '"')
	}
	return append(out, "}\n"...)
}

// appendEvent writes an event as it came, with the keys that the server adds at its end.
func appendEvent(out []byte, r *store.Record) []byte {
	out = append(out, bytes.TrimRight(r.Raw[:len(r.Raw)-1], " \t\r\n")...)
	out = append(strconv.AppendInt(append(out, `,"position":`...), r.Position, 10), `,"received_at":"`...)
	out = append(r.ReceivedAt.UTC().AppendFormat(out, time.RFC3339Nano), '"')
	if r.ClientID != "" {
		name, err := json.Marshal(r.ClientID)
		if err != nil {
			panic(err) // a string
		}
		out = append(append(out, `,"client_id":`...), name...)
	}
	if r.ClockSkew != 0 {
		out = strconv.AppendInt(append(out, `,"clock_skew_ms":`...), r.ClockSkew.Milliseconds(), 10)
	}
	return append(out, '}')
}

// writeRaw answers with JSON that is ready.
func writeRaw(w http.ResponseWriter, text []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(text)
}
