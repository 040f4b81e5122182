package sentrial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/spool"
	"github.com/sentrial/sentrial-go/types"
)

// What the tests need of the inside: the batcher with a sender of the test's own, and a record without a client around it.

const (
	MaxEventBytes       = maxEventBytes
	MaxEventsPerRequest = maxEventsPerRequest
)

// Batcher is the buffer without a client.
type Batcher struct{ b *batcher }

// BatcherConfig says what kind of batcher a test wants.
type BatcherConfig struct {
	BatchBytes, QueueBytes int
	Interval               time.Duration
	Overflow               Overflow
	Lost                   func(id string, reason DropReason) // called under the batcher's lock
}

func NewBatcher(c BatcherConfig) *Batcher {
	lost := func(record []byte, reason DropReason, _ error) {
		if c.Lost != nil {
			id, _, _ := identity(record)
			c.Lost(string(id), reason)
		}
	}
	return &Batcher{newBatcher(&config{flushInterval: c.Interval, overflow: c.Overflow, batchBytes: c.BatchBytes, queueBytes: c.QueueBytes}, lost)}
}

// fakeRecord makes a record of exactly size bytes.
func fakeRecord(id string, size int, uncounted bool) []byte {
	var w recordWriter
	w.begin(0)
	if uncounted {
		w.buf[4] = flagUncounted
	}
	w.text(tagID, id)
	w.text(tagType, "step")
	w.text(tagSessionID, "s")
	at := w.open(tagComment, kindText)
	if len(w.buf) > size {
		panic(fmt.Sprintf("a record of %q has at least %d bytes", id, len(w.buf)))
	}
	w.buf = append(w.buf, make([]byte, size-len(w.buf))...)
	w.seal(at)
	w.end()
	return w.buf
}

// Add puts an event of size bytes into the buffer.
func (b *Batcher) Add(ctx context.Context, id string, size int) DropReason {
	return b.b.add(ctx, fakeRecord(id, size, false), new(uint8))
}

// AddCopy is Add for a copy that is in no counter.
func (b *Batcher) AddCopy(ctx context.Context, id string, size int) DropReason {
	return b.b.add(ctx, fakeRecord(id, size, true), new(uint8))
}

// Begin reserves room for an event; the copying ends when the returned function is called.
func (b *Batcher) Begin(ctx context.Context, id string, size int) (commit func(), reason DropReason) {
	r, reason := b.b.reserve(ctx, size, 0, new(uint8))
	return func() {
		copy(r.buf, fakeRecord(id, size, false))
		b.b.commit(r)
	}, reason
}

func (b *Batcher) Flush(ctx context.Context) error { return b.b.flush(ctx) }
func (b *Batcher) Shut()                           { b.b.shut() }
func (b *Batcher) Discard(reason DropReason)       { b.b.discard(reason) }

func (b *Batcher) Stats() (s Stats) {
	b.b.stats(&s)
	return s
}

// Batch is what a sender has in hand.
type Batch struct {
	b  *batcher
	bt *batch
}

// Take gives the next batch that may be sent now, nil if there is none.
func (b *Batcher) Take() *Batch {
	bt, _ := b.b.take(time.Now(), 0)
	return b.batchOf(bt)
}

// Next waits for a batch.
func (b *Batcher) Next(ctx context.Context, idle time.Duration) *Batch {
	bt, wait := b.b.take(time.Now(), 0)
	if wait = min(wait, idle); bt == nil && wait < untilWoken {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, wait)
		defer cancel()
	}
	if bt == nil {
		select {
		case <-b.b.wake:
		case <-ctx.Done():
		}
		bt, _ = b.b.take(time.Now(), 0)
	}
	return b.batchOf(bt)
}

func (b *Batcher) batchOf(bt *batch) *Batch {
	if bt == nil {
		return nil
	}
	return &Batch{b.b, bt}
}

func (b *Batch) IDs() []string {
	var ids []string
	for _, r := range b.bt.records {
		id, _, _ := identity(r)
		ids = append(ids, string(id))
	}
	return ids
}

// Fate is what became of one event of a batch.
type Fate int

const (
	Delivered Fate = iota
	Again
	Rejected
)

// Settle says what became of the events; those beyond the ones given were delivered.
func (b *Batch) Settle(fates ...Fate) (left bool) {
	if len(fates) == 0 {
		return b.b.settle(b.bt, nil, 0)
	}
	all := make([]fate, len(b.bt.records))
	for i, f := range fates {
		switch f {
		case Again:
			all[i].again = true
		case Rejected:
			all[i].reason = DropRejected
		}
	}
	return b.b.settle(b.bt, all, 0)
}

func (b *Batch) GiveBack()             { b.b.giveBack(b.bt) }
func (b *Batch) Halve() bool           { return b.b.halve(b.bt) }
func (b *Batch) Postpone()             { b.b.postpone(b.bt, time.Now(), 0) }
func (b *Batch) InFlight(sending bool) { b.b.inFlight(b.bt, sending) }

// Allocated is the memory of all slabs, those kept for use again included.
func (b *Batcher) Allocated() int {
	b.b.mu.Lock()
	defer b.b.mu.Unlock()
	return b.b.slabs.allocated
}

// Check compares the counters with what the slabs hold. No event may be on its way in.
func (b *Batcher) Check() error {
	b.b.mu.Lock()
	defer b.b.mu.Unlock()
	var queued uint64
	var size int64
	var problems []error
	memory := 0
	waiting := make(map[*slab]int)
	count := func(s *slab, records [][]byte) {
		queued += countedIn(records)
		waiting[s] += len(records)
		for _, r := range records {
			size += int64(s.room(len(r)))
		}
	}
	b.b.seal() // the counters are the sealed slabs'
	for _, list := range [][]*batch{b.b.returned, b.b.held} {
		for _, bt := range list {
			count(bt.slab, bt.records)
		}
	}
	for i, s := range b.b.unsettled.all() {
		memory += len(s.mem)
		rest := slab{mem: s.mem, spans: slices.Clone(s.spans), live: s.live} // a copy: cut moves on
		count(s, rest.cut(s.live))
		if waiting[s] != s.live || s.live == 0 {
			problems = append(problems, fmt.Errorf("slab %d: %d events waiting, live = %d", s.seq, waiting[s], s.live))
		}
		if i > 0 && s.seq <= b.b.unsettled.all()[i-1].seq {
			problems = append(problems, fmt.Errorf("slab %d comes after slab %d", s.seq, b.b.unsettled.all()[i-1].seq))
		}
	}
	for _, mem := range b.b.slabs.spare {
		memory += len(mem)
	}
	if c := b.b.counters; queued != c.queued || size != c.bytes || c.inFlight > c.queued {
		problems = append(problems, fmt.Errorf("%d events of %d bytes are waiting, the counters say %d (%d in flight) of %d", queued, size, c.queued, c.inFlight, c.bytes))
	}
	if memory != b.b.slabs.allocated || memory > b.b.slabs.limit {
		problems = append(problems, fmt.Errorf("the slabs have %d bytes, accounted for %d of %d", memory, b.b.slabs.allocated, b.b.slabs.limit))
	}
	return errors.Join(problems...)
}

// EventJSON is the JSON of an event as it would travel.
func EventJSON(e *types.Event) []byte {
	return appendEvent(nil, EventRecord(e))
}

// EventRecord is an event as it waits in a slab.
func EventRecord(e *types.Event) []byte {
	s := newScratch()
	defer s.free()
	return append([]byte(nil), s.snapshot(payloadOf(e), e, 0)...)
}

// Views are an event as a redactor is shown it, and as package types reads the JSON of the same record. They differ where sure is false: then the second is shown.
func Views(e *types.Event) (shown, read *types.Event, sure bool, err error) {
	s := newScratch()
	defer s.free()
	s.uncut = true
	record := s.snapshot(payloadOf(e), e, 0)
	shown, sure = viewOf(record, e)
	read = new(types.Event)
	err = json.Unmarshal(appendEvent(nil, record), read)
	oneMetadata(read)
	return shown, read, sure, err
}

// MakeRecord writes the record of an event where the next one will be written, and gives its size.
func MakeRecord(e *types.Event) int {
	s := newScratch()
	defer s.free()
	return len(s.snapshot(payloadOf(e), e, 0))
}

// EightHex writes hexadecimal digits.
var EightHex = eightHex

// RecordJSON is the JSON of a record.
func RecordJSON(record []byte) []byte { return appendEvent(nil, record) }

// BodyMaker makes request bodies as the sender does.
type BodyMaker struct {
	e    *envelope
	p    packer
	mode Compression
}

func NewBodyMaker(mode Compression) *BodyMaker {
	return &BodyMaker{newEnvelope("client", defaultConfig()), packer{}, mode}
}

// JSON appends the JSON of a body.
func (m *BodyMaker) JSON(dst []byte, records [][]byte) []byte {
	return m.e.appendBody(dst, records, time.Now())
}

// Pack makes a body and gives its bytes.
func (m *BodyMaker) Pack(records [][]byte) (content []byte, err error) {
	b := newBody()
	defer b.release()
	_, err = m.p.pack(b, m.e, records, m.mode)
	return slices.Clone(b.bytes), err
}

// PackedSize makes a body, and gives its size.
func (m *BodyMaker) PackedSize(records [][]byte) (size int, err error) {
	b := newBody()
	defer b.release()
	_, err = m.p.pack(b, m.e, records, m.mode)
	return len(b.bytes), err
}

// AttachBody gives req a body of the pooled kind and returns the sender's hold on it.
func AttachBody(req *http.Request, content string) (release func()) {
	b := newBody()
	b.bytes = append(b.bytes, content...)
	b.attach(req)
	return b.release
}

// SlabQueue is a queue of slabs that are known by their numbers.
type SlabQueue struct{ q slabQueue }

func (q *SlabQueue) Push(n uint64) { q.q.push(&slab{seq: n}) }

// Remove takes the slab of that number out, or one that was never there.
func (q *SlabQueue) Remove(n uint64) {
	for _, s := range q.q.all() {
		if s.seq == n {
			q.q.remove(s)
			return
		}
	}
	q.q.remove(&slab{seq: n})
}

// RemoveFirst takes the oldest slab out.
func (q *SlabQueue) RemoveFirst() { q.q.remove(q.q.all()[0]) }

func (q *SlabQueue) Len() int { return q.q.len() }

// Places is how many slabs the memory of the queue could hold.
func (q *SlabQueue) Places() int { return cap(q.q.slabs) }

// Numbers are those of the slabs, oldest first.
func (q *SlabQueue) Numbers() []uint64 {
	numbers := make([]uint64, 0, q.q.len())
	for _, s := range q.q.all() {
		numbers = append(numbers, s.seq)
	}
	return numbers
}

// HostedBody is the request that an event becomes on the hosted wire, in a session that this client has created.
func HostedBody(e *types.Event) (method string, body []byte) {
	s := &hostedSession{local: e.SessionID, remote: "srv_1"}
	record := EventRecord(e)
	var c call
	switch e.Type {
	case types.EventSessionStart:
		c = s.createCall(defaultConfig(), record)
	case types.EventSessionEnd:
		c = s.endCall(record)
	default:
		c = s.eventCall(record)
	}
	return c.method, c.body
}

// HostedID is the id that a reply of the hosted wire tells, or what is wrong with it.
func HostedID(status int, media string, body []byte) (id string, err error) {
	return readCreated(&httpx.Response{Status: status, Header: http.Header{"Content-Type": {media}}, Body: body}, recording, nil)
}

// NamesBatch tells whether a reply of /healthz names the batch protocol.
func NamesBatch(status int, media string, body []byte) bool {
	return readHealth(&httpx.Response{Status: status, Header: http.Header{"Content-Type": {media}}, Body: body}) == healthBatch
}

// RememberSessions uses n sessions of the hosted wire, each with an input, and tells how many are remembered, and how many bytes of inputs.
func RememberSessions(n int, input string) (sessions, inputBytes int) {
	h := newHostedSessions()
	for i := range n {
		h.keepInput(h.of(fmt.Sprint(i)), input)
	}
	kept := 0
	for _, generation := range []map[string]*hostedSession{h.young, h.older} {
		for _, s := range generation {
			kept += len(s.input)
		}
	}
	if kept != h.inputBytes {
		panic(fmt.Sprintf("%d bytes are kept, %d accounted for", kept, h.inputBytes))
	}
	return len(h.young) + len(h.older), kept
}

// WithDisk has syncs of the spool go through sync.
func WithDisk(sync func(*spool.Segment) error) Option {
	return clientOption(func(c *config) { c.syncSegment = sync })
}

// DegradedJSON is the JSON of an event that was recorded while the queue was nearly full.
func DegradedJSON(e *types.Event) []byte {
	return appendEvent(nil, new(lightening).degraded(EventRecord(e)))
}

// SpoolState is how much a client with a spool has of what: files that are ready and spent, slabs that were adopted, that nobody settled yet and that have no file,
// batches in the sender's hands.
type SpoolState struct {
	Begun                                uint64
	Ready, Spent, InHand, InMemory, Held int
}

func StateOf(c *Client) (s SpoolState) {
	b := c.buffer
	b.mu.Lock()
	defer b.mu.Unlock()
	s.Begun, s.Held = b.slabs.begun, len(b.held)
	for _, slab := range b.unsettled.all() {
		if slab.segment == nil {
			s.InMemory++
		}
	}
	if spool := b.slabs.spool; spool != nil {
		spool.mu.Lock()
		defer spool.mu.Unlock()
		s.Ready, s.Spent, s.InHand = len(spool.ready), len(spool.spent), spool.inHand
	}
	return s
}

// Gate bounds how many callers record at once.
type Gate struct{ g *gate }

func NewGate() Gate { return Gate{newGate(false)} }

func (g Gate) Enter() (leave func()) { return g.g.enter(context.Background()).leave }

// Most is how many callers may be inside.
func (g Gate) Most() int { return gateLanes * int(g.g.most) }

// Callers are those inside and waiting.
func (g Gate) Callers() (n int) {
	for i := range g.g.lanes {
		n += int(g.g.lanes[i].callers.Load())
	}
	return n
}

// WithLeastSpool bounds the directory of a client with a small queue to so many bytes.
func WithLeastSpool(bytes int64) Option {
	return clientOption(func(c *config) { c.leastSpool = bytes })
}

// IsRecord tells whether bytes from a file are a record.
func IsRecord(b []byte) bool { return isRecord(b) }

// ReadRecord has a record read by all that reads records.
func ReadRecord(record []byte) {
	s := &hostedSession{local: "s", remote: "srv_1"}
	appendEvent(nil, record)
	for _, make := range []func() call{
		func() call { return s.createCall(defaultConfig(), record) },
		func() call { return s.endCall(record) },
		func() call { return s.eventCall(record) },
	} {
		make()
	}
	s.describe(record)
	s.sum(record)
	timeField(record, tagTimestamp)
	viewOf(record, new(types.Event))
	new(lightening).degraded(record)
	withheldRecord(record, ContentMetadata)
	withheldRecord(record, ContentHashed)
	identity(record)
}

// Share gives slabs a shard for each processor.
func (b *Batcher) Share() { b.b.share(true) }

// Caller is Add for a caller that stays in its shard as long as it is alone there.
func (b *Batcher) Caller(shard uint8) func(ctx context.Context, id string, size int) DropReason {
	hint := &shard
	return func(ctx context.Context, id string, size int) DropReason {
		return b.b.add(ctx, fakeRecord(id, size, false), hint)
	}
}
