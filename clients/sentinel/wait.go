package sentinel

import (
	"context"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/types"
)

// WaitOption is for one wait.
type WaitOption interface{ applyWait(*waiting) }

type waitOption func(*waiting)

func (o waitOption) applyWait(w *waiting) { o(w) }

// PollEvery says how long to wait before asking again: first at first, each time half as long again, up to most. Default: 1 s, up to 10 s. A reply that has
// Retry-After is not followed by a question sooner than that.
func PollEvery(first, most time.Duration) WaitOption {
	return waitOption(func(w *waiting) { w.interval, w.most = max(first, shortest), max(first, most, shortest) })
}

// OnProgress calls f with every reply, on the goroutine that waits.
func OnProgress(f func(*Progress)) WaitOption {
	return waitOption(func(w *waiting) { w.onProgress = f })
}

// shortest is the least between two questions.
const shortest = 10 * time.Millisecond

type waiting struct {
	documents      *Documents
	id             string
	interval, most time.Duration
	onProgress     func(*Progress)
	polls          int
	last           *Progress
}

// Wait asks until the processing of a document is over, or ctx. One that failed is a *[ProcessingError]. The progress that was told last is returned also with an
// error, nil if there was none. It is recorded as one tool call, however often it asks.
func (d *Documents) Wait(ctx context.Context, documentID string, opts ...WaitOption) (*Progress, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	w := &waiting{documents: d, id: documentID, interval: time.Second, most: 10 * time.Second}
	for _, opt := range opts {
		if opt != nil {
			opt.applyWait(w)
		}
	}
	ctx, end := w.record(ctx)
	err := w.untilOver(ctx)
	end(err)
	return w.last, err
}

func (w *waiting) untilOver(ctx context.Context) error {
	for {
		reply, err := w.poll(ctx)
		switch {
		case err != nil && w.last != nil && ctx.Err() != nil:
			return w.gaveUp(err)
		case err != nil:
			return err
		case w.last.State.Failed():
			return &ProcessingError{DocumentID: w.id, State: w.last.State, Reason: w.last.Reason}
		case w.last.State.Final():
			return nil
		}
		if err := sleep(ctx, w.pause(reply)); err != nil {
			return w.gaveUp(err)
		}
	}
}

func (w *waiting) poll(ctx context.Context) (*httpx.Response, error) {
	p, reply, err := w.documents.look(ctx, w.id, "")
	if err != nil {
		return nil, err
	}
	w.polls++
	if w.last = p; w.onProgress != nil {
		w.onProgress(p)
	}
	return reply, nil
}

// pause is how long to wait before the next question.
func (w *waiting) pause(reply *httpx.Response) time.Duration {
	d := w.interval
	w.interval = min(w.interval*3/2, w.most)
	wish, _ := httpx.RetryAfter(reply.Header, time.Now())
	return max(d, wish)
}

func (w *waiting) gaveUp(err error) error {
	return fmt.Errorf("sentinel: document %s was still %s when the wait ended: %w", w.id, w.last.State, err)
}

// record begins the tool call, if there is a session.
func (w *waiting) record(ctx context.Context) (context.Context, func(error)) {
	if sentrial.SessionFromContext(ctx) == nil {
		return ctx, func(error) {}
	}
	ctx, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "sentinel.documents.wait", ToolInput: map[string]any{"doc_id": w.id}})
	return ctx, func(err error) {
		if w.last != nil {
			span.ToolOutput = &recorded{w.last, w.documents.core.tokens}
		}
		span.Metadata = map[string]any{"polls": w.polls}
		span.End(err)
	}
}

// sleep waits, until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
