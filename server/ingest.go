package server

import (
	"context"
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
	ID      string `json:"id"` // "#INDEX" for an event without a usable id
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
	if err := checkContentType(r); err != nil {
		return err
	}
	body, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	defer recycle(body)
	sent, err := decodeRequest(body.Bytes(), s.limits)
	if err != nil {
		return err
	}
	reply, err := s.keep(r.Context(), project, sent)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, reply)
	return nil
}

// keep stores the valid events of a request.
func (s *Server) keep(ctx context.Context, project string, sent *sentBatch) (reply ingestReply, err error) {
	defer func() { s.noteIngest(project, sent, reply, err) }()
	reply = ingestReply{Rejected: sent.rejected}
	if len(sent.events) == 0 {
		return reply, nil
	}
	now := s.now()
	receipt, err := s.store.Ingest(ctx, store.Batch{
		Project: project, Client: sent.client, ReceivedAt: now, ClockSkew: skew(now, sent.sentAt), Events: sent.events,
	})
	if err != nil {
		return reply, unavailable("the events could not be stored, send them again", err)
	}
	for i, o := range receipt.Outcomes {
		switch o {
		case store.Accepted:
			reply.Accepted++
		case store.Erased:
			reply.Rejected = append(reply.Rejected, sessionDeleted(&sent.events[i]))
		default:
			reply.Duplicates++
		}
	}
	return reply, nil
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
