package faultsink

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Event is one event of a batch, or what a request of the hosted wire stands for: what the report looks at, and the bytes as they came.
type Event struct {
	ID        string
	Type      string
	Status    string // "running" marks a copy that its final event replaces
	SessionID string // as the SDK names it
	Hosted    string // the session's id on the hosted wire, "" on the other
	Client    string // client.id of the batch or Sentrial-Client, "" when there was none
	Seq       int64  // 0 when absent
	Timestamp time.Time
	JSON      json.RawMessage // of the hosted wire: the whole body

	session string // the member of JSON that may change between two sendings, "" if there is none
}

// constant is what must be the same whenever the event is sent. On the hosted wire that is all but the session's id, for the session may have to be made again.
func (e Event) constant() []byte {
	if e.session == "" {
		return e.JSON
	}
	return bytes.Replace(e.JSON, []byte(e.session), nil, 1)
}

const running = "running"

func (e Event) sighting() sightingKey { return sightingKey{e.ID, e.Status == running} }

// parseBatch reads a request body. Every event must be an object with an id.
func parseBatch(body []byte) ([]Event, error) {
	var batch struct {
		Client struct {
			ID string `json:"id"`
		} `json:"client"`
		Events []json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(body, &batch); err != nil {
		return nil, fmt.Errorf("the body is no batch: %w", err)
	}
	events := make([]Event, len(batch.Events))
	for i, raw := range batch.Events {
		e, err := parseEvent(raw)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", i, err)
		}
		e.Client = batch.Client.ID
		events[i] = e
	}
	return events, nil
}

func parseEvent(raw json.RawMessage) (Event, error) {
	var e struct {
		ID        string    `json:"id"`
		Type      string    `json:"type"`
		Status    string    `json:"status"`
		SessionID string    `json:"session_id"`
		Seq       int64     `json:"seq"`
		Timestamp time.Time `json:"timestamp"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return Event{}, err
	}
	if e.ID == "" {
		return Event{}, fmt.Errorf("no id in %.80s", raw)
	}
	return Event{ID: e.ID, Type: e.Type, Status: e.Status, SessionID: e.SessionID, Seq: e.Seq, Timestamp: e.Timestamp, JSON: raw}, nil
}
