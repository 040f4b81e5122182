package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// minSkew is the difference between a client's clock and ours that is worth keeping.
const minSkew = time.Minute

// ingestReply is the JSON of an acknowledgement: Accepted + Duplicates + len(Rejected) is the number of events sent.
type ingestReply struct {
	Accepted   int         `json:"accepted"`
	Duplicates int         `json:"duplicates"`
	Rejected   []rejection `json:"rejected"`
}

// rejection says why one event of a batch was not stored, and whether to send it again.
type rejection struct {
	ID      string `json:"id"` // "#INDEX" for an event without a usable id, "line:N" in place of any for what came as lines
	Code    string `json:"code"`
	Message string `json:"message"`
	Retry   bool   `json:"retry"`
}

// ingest takes a batch: what is wrong with one event costs that event only.
func (s *Server) ingest(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Accept-Encoding", acceptEncoding)
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	read, err := formOf(r)
	if err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	body, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	defer recycle(body)
	sent, err := decodeBody(body.Bytes(), read, s.limits, key != "")
	if err != nil {
		return err
	}
	return s.acknowledge(w, r, project, sent, key)
}

// acknowledge stores what came and answers.
func (s *Server) acknowledge(w http.ResponseWriter, r *http.Request, project string, sent *sentBatch, key string) error {
	if key == "" {
		reply, err := s.keep(r.Context(), project, sent)
		if err == nil {
			writeJSON(w, http.StatusOK, reply)
		}
		return err
	}
	receipt, err := s.keepOnce(r.Context(), project, sent, key)
	if err != nil {
		return err
	}
	if receipt.Replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	writeRaw(w, receipt.Reply)
	return nil
}

// keep stores the valid events of a request.
func (s *Server) keep(ctx context.Context, project string, sent *sentBatch) (reply ingestReply, err error) {
	defer func() { s.noteIngest(project, sent, reply, err) }()
	if len(sent.events) == 0 {
		return sent.reply(nil), nil
	}
	receipt, err := s.store.Ingest(ctx, s.batchOf(project, sent))
	if err != nil {
		return ingestReply{}, notStored(err)
	}
	return sent.reply(receipt.Outcomes), nil
}

func (s *Server) batchOf(project string, sent *sentBatch) store.Batch {
	now := s.now()
	return store.Batch{Project: project, Client: sent.client, ReceivedAt: now, ClockSkew: skew(now, sent.sentAt), Events: sent.events}
}

// notStored tells a store that has too much to do from one that fails.
func notStored(err error) error {
	if errors.Is(err, store.ErrBusy) {
		return unavailable("too much is waiting to be stored, send the events again", err)
	}
	return unavailable("the events could not be stored, send them again", err)
}

// reply tells what became of all events, those that were rejected before the store saw them included.
func (b *sentBatch) reply(outcomes []store.Outcome) ingestReply {
	reply := ingestReply{Rejected: b.rejected}
	for i, outcome := range outcomes {
		switch outcome {
		case store.Accepted:
			reply.Accepted++
		case store.Erased:
			reply.Rejected = append(reply.Rejected, erased(b.nameOf(i), &b.events[i]))
		default:
			reply.Duplicates++
		}
	}
	return reply
}

// erased is what becomes of an event whose session somebody deleted.
func erased(name string, e *store.Event) rejection {
	return rejection{ID: name, Code: codeSessionDeleted, Message: "the session " + quote(e.SessionID) + " was deleted: nothing more is taken for it"}
}

// skew returns how far the client's clock is behind ours, 0 when it is about right or unknown.
func skew(receivedAt, sentAt time.Time) time.Duration {
	if sentAt.IsZero() {
		return 0
	}
	if d := receivedAt.Sub(sentAt); d.Abs() > minSkew {
		return d
	}
	return 0
}
