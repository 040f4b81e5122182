package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
	"github.com/sentrial/sentrial-go/server/store"
)

// backlogPage is how many requests are read at a time that an earlier process left.
const backlogPage = 100

// readBacklog reads some of what earlier processes left in the inbox, if there is room.
func (a *assembling) readBacklog(ctx context.Context) error {
	if a.more = !a.caught && !a.inbox.full(); !a.more {
		return nil
	}
	page, err := a.store.ReadInbox(ctx, a.backlog, backlogPage)
	if err != nil {
		return err
	}
	for i := range page {
		if a.inbox.isLive(page[i].ID) {
			page = page[:i]
			break
		}
		a.rejoin(ctx, &page[i])
		a.backlog = page[i].ID
	}
	a.caught = len(page) == 0
	return nil
}

// rejoin takes in a request that an earlier process left. One that cannot be read any more stays where it is, for whoever wants to know why.
func (a *assembling) rejoin(ctx context.Context, r *store.InboxRequest) {
	got, err := readArrival(signal(r.Signal), otlp.Form(r.Form), r.Body)
	if err != nil {
		a.log.LogAttrs(ctx, slog.LevelError, "a request of OpenTelemetry's that was kept cannot be read", slog.Int64("id", r.ID), slog.Any("error", err))
		return
	}
	k := &kept{id: r.ID, size: int64(got.bytes + got.extra()), receivedAt: r.ReceivedAt}
	a.inbox.rejoin(a.now(), r, k, &got)
}

func (in *inbox) rejoin(now time.Time, r *store.InboxRequest, k *kept, got *arrival) {
	done := make(map[genai.TraceID]bool, len(r.Done))
	for _, part := range r.Done {
		if len(part) == len(genai.TraceID{}) {
			done[genai.TraceID(part)] = true
		}
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.held += k.size
	in.join(now, r.Project, k, got, done)
}

// full reports whether there is no room for more of what earlier processes left: half of it is for what comes.
func (in *inbox) full() bool { return in.bytes() > in.most/2 }

// isLive reports whether a request came to this process.
func (in *inbox) isLive(id int64) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.firstLive != 0 && id >= in.firstLive
}
