package otelbridge

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/types"
)

// bridge is what exporter and processor share: spans go in at one end, wait until enough of their trace is known, and are recorded as what they became. All of that
// is done by one goroutine at a time, whoever has the turn: that of the queue's timer, or one that flushes.
type bridge struct {
	client *sentrial.Client
	cfg    *config
	guard  guard
	notes  *notes // of spans that began; nil in an exporter, which sees them only at their end
	queue  *queue
	turn   chan struct{} // capacity 1
	waits  atomic.Bool   // the timer's goroutine waits for the turn

	// Of whoever has the turn.
	converter
	assembler *genai.Assembler
	held      int                            // about how many bytes the spans hold that the assembler was given since it was empty
	opened    *lately[genai.TraceID, string] // of traces whose session was opened before anything else was recorded
	requests  *lately[genai.TraceID, bool]   // traces of requests that the client itself made

	unfollow func()
	deafen   func() // of a processor: it hears no more of the client's own calls
}

// tracesNoted is how many traces a generation of what is remembered of them has.
const tracesNoted = 4_000

// newBridge gives nil for a client that records nothing.
func newBridge(client *sentrial.Client, opts []Option) *bridge {
	hosts := attach.Hosts(client)
	if len(hosts) == 0 {
		return nil
	}
	cfg := newConfig(opts)
	b := &bridge{
		client: client, cfg: cfg, guard: guard{hosts}, turn: make(chan struct{}, 1), converter: converter{usual: make([]usualValue, usualValues)}, assembler: genai.NewAssembler(cfg.mapping),
		opened: newLately[genai.TraceID, string](tracesNoted), requests: newLately[genai.TraceID, bool](tracesNoted),
	}
	b.queue = newQueue(cfg.mapping.MaxSpans, b.run)
	if attach.Closed(client) {
		b.queue.end(sentrial.ErrClosed)
	}
	b.unfollow = attach.Follow(client, b.release)
	return b
}

// run is what the timer starts. One goroutine that waits for the turn is enough, however long another one has it.
func (b *bridge) run() {
	if b.waits.Swap(true) {
		return
	}
	b.turn <- struct{}{}
	b.waits.Store(false)
	defer b.endTurn()
	b.work(context.Background(), (*genai.Assembler).Take)
}

// release is called when the client is flushed, and for the last time when it is closed: spans that end from then on are refused.
func (b *bridge) release(ctx context.Context) {
	if attach.Closing(ctx) {
		b.queue.end(sentrial.ErrClosed)
	}
	_ = b.giveAll(ctx) // what is left when ctx is done before, the timer's goroutine sees to
}

// giveAll records what all spans became that have ended, complete or not.
func (b *bridge) giveAll(ctx context.Context) error {
	if !b.takeTurn(ctx) {
		b.queue.wake(0)
		return fmt.Errorf("otelbridge: ended spans are not recorded yet: %w", context.Cause(ctx))
	}
	defer b.endTurn()
	b.work(restricted{ctx, context.Background()}, (*genai.Assembler).TakeAll) // where the program flushes says nothing of the spans
	return nil
}

// takeTurn waits for the turn while ctx lasts. One that is free is taken in any case.
func (b *bridge) takeTurn(ctx context.Context) bool {
	select {
	case b.turn <- struct{}{}:
		return true
	default:
	}
	select {
	case b.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *bridge) endTurn() { <-b.turn }

// shutdown records what is left and ends the sessions that are open.
func (b *bridge) shutdown(ctx context.Context) error {
	if b == nil {
		return nil
	}
	b.queue.end(errShutdown)
	if err := b.giveAll(ctx); err != nil {
		return err
	}
	b.unfollow()
	if b.deafen != nil {
		b.deafen()
	}
	return nil
}

// giving is one of the ways in which an assembler gives of what it holds.
type giving func(*genai.Assembler, time.Time) []genai.Released

// work sees to what waits in the queue and records what is given of what is held. Once the queue takes no more, that is everything.
func (b *bridge) work(ctx context.Context, give giving) {
	defer b.goOn()
	if b.queue.ended() {
		give = (*genai.Assembler).Close
	}
	items := b.queue.take()
	defer b.queue.recycle(items)
	for i := range items {
		b.see(ctx, &items[i])
	}
	b.give(ctx, give)
}

// goOn says when the timer's goroutine is to come again.
func (b *bridge) goOn() {
	if b.assembler.Held() == 0 {
		b.held = 0
	}
	if next, ok := b.assembler.Next(); ok {
		b.queue.wake(time.Until(next))
	} else {
		b.queue.rest()
	}
}

func (b *bridge) see(ctx context.Context, it *item) {
	switch {
	case it.opens != nil:
		b.open(ctx, it.opens)
	case it.span != nil:
		b.add(ctx, it.span)
	default:
		b.give(ctx, func(a *genai.Assembler, now time.Time) []genai.Released { return a.CloseSession(now, it.ends) })
	}
}

// give records what is given. A mistake in the mapping does not take the program along: what was held then is lost, and counted.
func (b *bridge) give(ctx context.Context, give giving) {
	held, released := b.assembler.Held(), []genai.Released(nil)
	err := safely(func() { released = give(b.assembler, time.Now()) })
	if err == nil {
		b.record(ctx, released)
		return
	}
	b.assembler = genai.NewAssembler(b.cfg.mapping)
	for range max(1, held) {
		attach.Refuse(b.client, string(sentrial.DropInvalid), nil, err)
	}
}

// safely runs what may panic, in a mistake of ours or in methods of a span that are the program's own.
func safely(do func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("otelbridge: reading spans panicked: %s", jsonenc.PanicText(v))
		}
	}()
	do()
	return nil
}

// flush records what all spans became that have ended, and has it delivered. It works on nil, as the next ones do.
func (b *bridge) flush(ctx context.Context) error {
	if b == nil {
		return nil
	}
	if err := b.giveAll(ctx); err != nil {
		return err
	}
	return b.client.Flush(ctx)
}

func (b *bridge) closeSession(id string) {
	if b == nil || id == "" {
		return
	}
	if err := b.queue.put(item{ends: id}); err != nil {
		attach.Refuse(b.client, string(reasonOf(err)), &types.Event{Type: types.EventSessionEnd, SessionID: id}, err)
	}
}
