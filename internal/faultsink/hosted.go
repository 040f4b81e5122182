package faultsink

import (
	"cmp"
	"net/http"
	"time"
)

// creating is POST /api/sdk/sessions.
type creating struct{}

func (creating) read(x *Exchange) (content, *refusal) {
	return x.readHosted(func(b hostedBody) (Event, string, error) {
		if err := b.require("name", "agentName", "userId"); err != nil {
			return Event{}, "", err
		}
		return b.event("session_start"), b.sdk("session_id"), nil
	})
}

func (creating) commit(x *Exchange) (status int, reply any) {
	e := x.content.events[0]
	x.created = x.sink.hosted.create(cmp.Or(x.chosenID, newID("sess_")), x.content.hosted, x.content.session)
	e.Hosted, e.SessionID = x.created.id, x.created.name()
	x.sink.ledger.once(e)
	return http.StatusOK, x.sink.hosted.reply(x.created)
}

// CreateAs gives the session that the step creates this id.
func CreateAs(id string, step Step) Step {
	return func(x *Exchange) {
		x.chosenID = id
		step(x)
	}
}

// recording is POST /api/sdk/events.
type recording struct{}

func (recording) read(x *Exchange) (content, *refusal) {
	return x.readHosted(func(b hostedBody) (Event, string, error) {
		if err := b.require("sessionId", "eventType"); err != nil {
			return Event{}, "", err
		}
		kind, err := b.kind()
		return b.event(kind), b.SessionID, err
	})
}

func (recording) commit(x *Exchange) (status int, reply any) {
	e, b := x.content.events[0], x.content.hosted
	s := x.sink.hosted.find(b.SessionID)
	if s == nil {
		return notFound("no session has the id " + b.SessionID)
	}
	x.sink.ledger.add(e)
	return http.StatusOK, map[string]string{
		"id": newID("evt_"), "sessionId": s.id, "eventType": b.EventType, "toolName": b.ToolName, "createdAt": time.Now().UTC().Format(time.RFC3339Nano),
	}
}

// ending is PATCH /api/sdk/sessions/{id}.
type ending struct{ id string }

func (o ending) read(x *Exchange) (content, *refusal) {
	return x.readHosted(func(b hostedBody) (Event, string, error) {
		if b.Status == "" {
			return b.event("session_update"), o.id, nil
		}
		return b.event("session_end"), o.id, b.validStatus()
	})
}

func (o ending) commit(x *Exchange) (status int, reply any) {
	s := x.sink.hosted.end(o.id, x.content.hosted.Status)
	if s == nil {
		return notFound("no session has the id " + o.id)
	}
	x.sink.ledger.once(x.content.events[0])
	return http.StatusOK, x.sink.hosted.reply(s)
}

func notFound(message string) (status int, reply any) {
	return http.StatusNotFound, errorBody(Hosted, http.StatusNotFound, message, "", nil)
}
