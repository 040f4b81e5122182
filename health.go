package sentrial

import (
	"context"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// askHealth asks the server which protocols it speaks. Nothing else is sent meanwhile.
func (t *transport) askHealth(ctx context.Context, now time.Time) {
	t.choice.doubt.asking = true
	go t.attempt(ctx, &outcome{number: t.destination.begin(now), began: now, health: true})
}

// healthTimeout is how long the answer is waited for at most: nothing else is sent meanwhile.
const healthTimeout = 5 * time.Second

func (t *transport) getHealth(ctx context.Context) (*httpx.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, min(healthTimeout, t.cfg.timeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.cfg.base.JoinPath("healthz").String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	if _, err := t.cfg.setHeaders(ctx, req.Header); err != nil {
		return nil, err
	}
	return httpx.Do(t.http, req, maxReplyBytes)
}

// doubted tells whether a batch was answered in a way that makes the client ask for the server's protocols first. The batch waits for the answer.
func (t *transport) doubted(o *outcome, reply *httpx.Response) bool {
	var err error = t.cfg.apiError(reply)
	atLeast := barredProbe
	if reply.Status < 300 {
		err, atLeast = notAcknowledged(reply, "want application/json"), retryAfter(reply)
	}
	if !t.choice.doubts(reply, atLeast) {
		return false
	}
	t.noteFailure(err)
	t.buffer.giveBack(o.batch)
	return true
}

// healthKnown acts on the server's answer.
func (t *transport) healthKnown(ctx context.Context, o *outcome) {
	if ctx.Err() != nil {
		return
	}
	defer t.noteWire()
	was, switched := t.choice.answered(readHealth(o.head()), time.Now())
	switch {
	case switched:
		t.hosted.giveBack()
	case was.trouble:
		t.destination.failed(o.number, time.Now(), was.atLeast)
		t.hosted.giveBack()
	}
}

// choiceUnderstood says that the server speaks the protocol that it was spoken to in.
func (t *transport) choiceUnderstood() {
	if t.choice.undecided() && t.choice.hosted {
		t.notices.infoOnce("hosted", "sentrial: the server speaks the hosted protocol: events are sent one by one", "url", httpx.PublicURL(t.cfg.base))
	}
	t.choice.understood()
	t.noteWire()
}

// noteWire lets others than the sender know which wire is spoken, and not only tried.
func (t *transport) noteWire() { t.onHostedWire.Store(t.choice.hosted && t.choice.confirmed) }
