package sentrial

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// Client records events and delivers them in the background. Make one per program with New and Close it at the end. It is safe for concurrent use; every
// method works on a nil *Client, which records nothing.
type Client struct {
	cfg     *config
	buffer  *batcher // nil in a client that records nothing
	spans   *openSpans
	states  *sessionStates
	sender  *transport
	notices *notifier
	http    *http.Client   // for reading; redirects are not followed
	shaped  bool           // there is a redactor or a hook
	gate    *gate          // nil when shaped
	prices  *pricing.Table // nil = costs are not estimated

	followers   followers
	overhearers overhearers

	unsessionedBefore uint64
	stopSender        context.CancelFunc
	senderDone        chan struct{}
	closing           atomic.Bool
	closed            chan struct{} // closed once Close is through
	closeErr          error
}

// New makes a client from options and the environment; the package documentation lists both. A value it cannot use is an *OptionError that names it. Without
// an API key (toward anything but this machine), or with SENTRIAL_DISABLED=true, the client is made all the same and records nothing.
func New(opts ...Option) (*Client, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	if cfg.disabled {
		return &Client{cfg: cfg}, nil
	}
	if why := cfg.recordsNothing(); why != "" {
		cfg.newLogger().Warn("sentrial: " + why)
		return &Client{cfg: cfg}, nil
	}
	return newClient(cfg), nil
}

// newClient puts the parts together and starts the goroutines: the notifier and the sender.
func newClient(cfg *config) *Client {
	if cfg.httpClient == nil {
		cfg.httpClient, cfg.ownTransport = &http.Client{}, httpx.NewTransport()
		if cfg.protocol == ProtocolHosted {
			cfg.ownTransport.IdleConnTimeout = hostedIdle
		}
		cfg.httpClient.Transport = cfg.ownTransport
	}
	c := &Client{
		cfg: cfg, states: newSessionStates(cfg.sampleRate), notices: newNotifier(cfg.newLogger(), cfg.onDrop), http: httpx.NoRedirect(cfg.httpClient),
		prices: cfg.prices(), shaped: cfg.redactor != nil || len(cfg.hooks) > 0, unsessionedBefore: unsessioned.Load(),
		senderDone: make(chan struct{}), closed: make(chan struct{}),
	}
	if !c.shaped {
		c.gate = newGate(cfg.overflow == Block)
	}
	c.buffer = newBatcher(cfg, c.lost)
	c.buffer.slabs.spool = openSpooler(cfg, c.buffer, c.notices.warnOnce)
	if files := c.buffer.slabs.spool; files != nil {
		files.start()
	}
	c.spans = newOpenSpans(c.buffer)
	c.sender = newTransport(cfg, newID("", time.Now()), c.http, c.buffer, c.spans, c.notices)
	ctx, stop := context.WithCancel(context.Background())
	c.stopSender = stop
	go func() {
		defer close(c.senderDone)
		c.sender.run(ctx)
	}()
	c.tellHooks()
	return c
}

// live is the client, or nil if it records nothing.
func (c *Client) live() *Client {
	if c == nil || c.buffer == nil {
		return nil
	}
	return c
}

// Run is CreateSession, fn, Close with fn's outcome: nil is success; an error wrapping context.Canceled while ctx is cancelled is cancelled; another error is an
// error, recorded as an event too unless it was reported inside; a panic is an error, and goes on, and so is an fn that ends its goroutine. It returns fn's
// error unchanged.
func (c *Client) Run(ctx context.Context, name string, fn func(context.Context) error, opts ...SessionOption) (err error) {
	ctx, session := c.CreateSession(ctx, name, opts...)
	err = errGoexit // until fn returns
	defer session.CloseErr(ctx, &err)
	return fn(ctx)
}

// Flush waits until everything accepted before the call is delivered or dropped for a reason of its own. Without a deadline in ctx it waits 10 s at most
// (WithCloseTimeout). When events are left, which then stay queued, the error is an *IncompleteError; it comes at once when no request would begin before the
// deadline, because the server is down or asked for patience. After Close it is ErrClosed.
func (c *Client) Flush(ctx context.Context) error {
	if c.live() == nil {
		return nil
	}
	if c.isClosed() {
		return ErrClosed
	}
	ctx, cancel := c.withDeadline(ctx)
	defer cancel()
	c.release(ctx)
	return c.flush(ctx)
}

func (c *Client) flush(ctx context.Context) error {
	if err := c.buffer.flush(ctx); err != nil {
		return &IncompleteError{Stats: c.Stats(), Err: err}
	}
	return nil
}

// Close sends spans that nobody ended as abandoned, flushes, and stops the client: afterwards none of its goroutines is left and everything recorded is refused.
// With a spool it goes on for a second at most with what earlier processes left. Without a deadline in ctx it takes 10 s at most (WithCloseTimeout), and less when no request would begin before the deadline. Events left then stay in the
// spool, if there is one, and are otherwise dropped as DropClosed (on the hosted wire, those in a request that has no answer yet as DropUncertain), a warning is logged, and the error is an *IncompleteError. Only the
// first Close works; later and concurrent ones wait for it and return its error.
func (c *Client) Close(ctx context.Context) error {
	if c.live() == nil {
		return nil
	}
	ctx, cancel := c.withDeadline(ctx)
	defer cancel()
	if !c.closing.Swap(true) {
		c.closeErr = c.shutdown(ctx)
		close(c.closed)
		return c.closeErr
	}
	select {
	case <-c.closed:
		return c.closeErr
	case <-ctx.Done():
		return &IncompleteError{Stats: c.Stats(), Err: context.Cause(ctx)}
	}
}

// stopGrace is how long past its deadline Close waits for what ends at once unless the program's own HTTP client, OnDrop or log handler hangs.
const stopGrace = 40 * time.Millisecond

// awaitEnd waits for done until ctx is done and the grace has passed.
func awaitEnd(ctx context.Context, done <-chan struct{}) {
	select {
	case <-done:
		return
	case <-ctx.Done():
	}
	grace := time.NewTimer(stopGrace)
	defer grace.Stop()
	select {
	case <-done:
	case <-grace.C:
	}
}

func (c *Client) shutdown(ctx context.Context) error {
	c.releaseLast(ctx)
	c.spans.abandon(ctx, c)
	files := c.buffer.slabs.spool
	if files != nil && c.buffer.flush(ctx) == nil {
		files.deliverLeft(ctx)
	}
	c.buffer.shut()
	err := c.buffer.flush(ctx)
	uncertain := c.Stats().Dropped[DropUncertain]
	c.stopSender()
	awaitEnd(ctx, c.senderDone)
	if files != nil {
		c.buffer.forgetNameless()
	}
	c.buffer.discard(DropClosed)
	if files != nil {
		files.close(ctx, c.senderDone)
	}
	stats := c.Stats()
	if left := stats.Dropped[DropClosed]; left > 0 {
		c.notices.warnOnce("close", "sentrial: closed before all events were delivered", "events", left, "error", stats.LastError)
	}
	c.notices.close()
	awaitEnd(ctx, c.notices.done)
	if c.cfg.ownTransport != nil {
		c.cfg.ownTransport.CloseIdleConnections()
	}
	if uncertain = stats.Dropped[DropUncertain] - uncertain; uncertain > 0 || stats.Dropped[DropClosed] > 0 || stats.Queued > 0 {
		return &IncompleteError{Stats: stats, Err: err, uncertain: uncertain}
	}
	return nil
}

func isDone(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (c *Client) isClosed() bool {
	select {
	case <-c.closed:
		return true
	default:
		return false
	}
}

func (c *Client) withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = background(ctx)
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, c.cfg.closeTimeout)
}

// Stats gives one consistent snapshot of the counters. It is cheap enough for a metrics endpoint.
func (c *Client) Stats() Stats {
	s := Stats{Dropped: map[DropReason]uint64{}, Refused: map[DropReason]uint64{}}
	if c.live() == nil {
		return s
	}
	c.buffer.stats(&s)
	c.sender.stats(&s)
	s.Abandoned = c.spans.abandoned.Load()
	s.Unsessioned = unsessioned.Load() - c.unsessionedBefore
	return s
}

// lost reports a dropped record. It runs under the batcher's lock; the notifier only takes note.
func (c *Client) lost(record []byte, reason DropReason, err error) {
	if c.cfg.onDrop == nil {
		c.notices.firstLoss(reason, err)
		return
	}
	if record == nil { // nobody knows what it was
		c.notices.drop(Drop{Reason: reason, Err: err})
		return
	}
	id, eventType, sessionID := identity(record)
	c.notices.drop(Drop{Reason: reason, EventID: string(id), SessionID: string(sessionID), Type: types.EventType(eventType), Err: err})
}

// warnOnce logs trouble once per cause. It works on a nil client.
func (c *Client) warnOnce(cause, msg string, args ...any) {
	if c != nil && c.notices != nil {
		c.notices.warnOnce(cause, msg, args...)
	}
}
