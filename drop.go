package sentrial

import (
	"log/slog"
	"sync"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// DropReason says why an event was lost (Stats.Dropped) or never accepted (Stats.Refused).
type DropReason string

const (
	DropOverflow     DropReason = "overflow"      // the queue was full
	DropTooLarge     DropReason = "too_large"     // the event alone exceeds a limit
	DropRejected     DropReason = "rejected"      // the server refused this event
	DropPoison       DropReason = "poison"        // the server fails whenever this event is sent
	DropUncertain    DropReason = "uncertain"     // hosted wire: the answer was lost, a resend could store it twice
	DropInvalid      DropReason = "invalid"       // an id or a type outside the rules of Record
	DropSampled      DropReason = "sampled"       // its session was not chosen
	DropClosed       DropReason = "closed"        // the client was closed
	DropSpoolEvicted DropReason = "spool_evicted" // the spool was full
	DropSpoolCorrupt DropReason = "spool_corrupt" // the spool's file was damaged
)

// Drop is what the function given to WithOnDrop hears about one lost event.
type Drop struct {
	Reason    DropReason
	EventID   string // empty if the event was refused before it had one
	SessionID string
	Type      types.EventType
	Err       error // the server's words where it refused the event; may be nil
}

// maxNotices bounds what waits for a slow OnDrop. Losses beyond it stay counted in Stats and are told in one log line.
const maxNotices = 1 << 15

// notifier runs everything that calls code of the user's for bad news: OnDrop and the logger. It is one goroutine, so that neither runs on the agent's path
// or under a lock, and both may themselves record events.
type notifier struct {
	logger *slog.Logger
	onDrop func(Drop)

	mu      sync.Mutex
	queue   []func()
	missed  int
	closed  bool
	said    map[string]bool
	pending chan struct{} // capacity 1: there is something in queue
	done    chan struct{}
}

func newNotifier(logger *slog.Logger, onDrop func(Drop)) *notifier {
	n := &notifier{
		logger: logger, onDrop: onDrop, said: make(map[string]bool),
		pending: make(chan struct{}, 1), done: make(chan struct{}),
	}
	go n.run()
	return n
}

// drop reports one lost event to OnDrop and logs the first of each reason.
func (n *notifier) drop(d Drop) {
	n.firstLoss(d.Reason, d.Err)
	if n.onDrop != nil {
		n.post(func() { n.onDrop(d) })
	}
}

func (n *notifier) firstLoss(reason DropReason, err error) {
	if reason == DropClosed {
		return // Close says it in a line of its own
	}
	if !n.first(string(reason)) {
		return // before the arguments of a log line are made: whole slabs are dropped under the batcher's lock
	}
	n.log("sentrial: events are being lost; Stats counts them", "reason", string(reason), "error", err)
}

// warnOnce logs at level warn, the first time only for each cause.
func (n *notifier) warnOnce(cause, msg string, args ...any) {
	if n.first(cause) {
		n.log(msg, args...)
	}
}

// infoOnce is warnOnce at level info.
func (n *notifier) infoOnce(cause, msg string, args ...any) {
	if n.first(cause) {
		n.post(func() { n.logger.Info(msg, args...) })
	}
}

// first is true once for each cause.
func (n *notifier) first(cause string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	first := !n.said[cause]
	n.said[cause] = true
	return first
}

func (n *notifier) log(msg string, args ...any) {
	n.post(func() { n.logger.Warn(msg, args...) })
}

func (n *notifier) post(notice func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.closed:
		return
	case len(n.queue) >= maxNotices:
		n.missed++
		return
	}
	n.queue = append(n.queue, notice)
	signal(n.pending)
}

func (n *notifier) run() {
	defer close(n.done)
	for range n.pending {
		for _, notice := range n.take() {
			n.call(notice)
		}
		n.mu.Lock()
		last := n.closed && len(n.queue) == 0
		n.mu.Unlock()
		if last {
			return
		}
	}
}

func (n *notifier) take() []func() {
	n.mu.Lock()
	defer n.mu.Unlock()
	notices := n.queue
	if n.missed > 0 {
		missed := n.missed
		notices = append(notices, func() {
			n.logger.Warn("sentrial: OnDrop is too slow, some losses were counted but not reported to it", "events", missed)
		})
	}
	n.queue, n.missed = nil, 0
	return notices
}

// call keeps a panic of the user's function away from the agent.
func (n *notifier) call(notice func()) {
	defer func() {
		if v := recover(); v != nil {
			n.panicked(v)
		}
	}()
	notice()
}

// panicked logs the first panic, also while the queue is run empty: run looks into it once more.
func (n *notifier) panicked(v any) {
	const cause = "panic in notice"
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.said[cause] {
		n.said[cause] = true
		n.queue = append(n.queue, func() { n.logger.Warn("sentrial: OnDrop or the log handler panicked", "panic", jsonenc.PanicText(v)) })
		signal(n.pending)
	}
}

// close lets the queue run empty and then ends the goroutine, which closes done.
func (n *notifier) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	signal(n.pending)
}
