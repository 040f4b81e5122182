package sentrialtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/types"
)

// rejection is one event that was refused, as a server's reply says it.
type rejection struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Retry   bool   `json:"retry"`
}

// take answers POST /v1/events: each event is kept, known already, or rejected for itself.
func (b *inbox) take(w http.ResponseWriter, r *http.Request) {
	if status := b.nextFailure(); status != 0 {
		fail(w, status, "unavailable", "this reply fails because FailNext says so")
		return
	}
	var batch struct {
		Events []json.RawMessage `json:"events"`
	}
	body, err := decoded(r)
	if err == nil {
		err = json.NewDecoder(body).Decode(&batch)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, "validation_error", err.Error())
		return
	}
	accepted, rejected := b.keepAll(batch.Events)
	reply(w, http.StatusOK, map[string]any{"accepted": accepted, "duplicates": len(batch.Events) - accepted - len(rejected), "rejected": rejected})
}

func (b *inbox) nextFailure() (status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.failing) > 0 {
		status, b.failing = b.failing[0], b.failing[1:]
	}
	return status
}

func (b *inbox) keepAll(events []json.RawMessage) (accepted int, rejected []rejection) {
	b.mu.Lock()
	defer b.mu.Unlock()
	rejected = []rejection{}
	for i, raw := range events {
		e, err := eventOf(raw)
		switch {
		case err != nil:
			rejected = append(rejected, rejection{ID: e.ID, Code: "validation_error", Message: fmt.Sprintf("event %d: %v", i, err)})
		case b.keep(e):
			accepted++
		}
	}
	b.rejected = append(b.rejected, rejected...)
	close(b.arrived)
	b.arrived = make(chan struct{})
	return accepted, rejected
}

// eventOf reads an event by the rules of a server: it has an id, a session and a type.
func eventOf(raw json.RawMessage) (e types.Event, err error) {
	switch err := json.Unmarshal(raw, &e); {
	case err != nil:
		return types.Event{}, err
	case !types.ValidID(e.ID):
		return types.Event{}, errors.New("id: want 1 to 128 characters of [A-Za-z0-9_.:-]")
	case !types.ValidID(e.SessionID):
		return e, errors.New("session_id: want 1 to 128 characters of [A-Za-z0-9_.:-]")
	case e.Type == "":
		return e, errors.New("type: want one, such as tool_call")
	}
	return e, nil
}

// keep takes an event unless it is there already. The end of a span replaces a copy sent while it was running.
func (b *inbox) keep(e types.Event) bool {
	i, known := b.place[e.ID]
	switch {
	case !known:
		b.place[e.ID] = len(b.events)
		b.events = append(b.events, e)
	case b.events[i].Status == types.StatusRunning && e.Status != types.StatusRunning:
		b.events[i] = e
	default:
		return false
	}
	return true
}

// decoded reads the body of a client that was told to compress.
func decoded(r *http.Request) (io.Reader, error) {
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
		return r.Body, nil
	case "gzip":
		return gzip.NewReader(r.Body)
	case "zstd":
		return unzstd(r.Body)
	default:
		return nil, fmt.Errorf("content encoding %q: want zstd, gzip or identity", encoding)
	}
}

func unzstd(body io.Reader) (io.Reader, error) {
	all, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1)) // one that starts no goroutine
	if err != nil {
		return nil, err
	}
	defer d.Close()
	plain, err := d.DecodeAll(all, nil)
	return bytes.NewReader(plain), err
}
