package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	// introspectTimeout is how long the endpoint may take, also with others before.
	introspectTimeout = 2 * time.Second
	// mostIntrospected bounds the questions under way: whoever guesses tokens must not turn the server against the endpoint. There are as many places again for
	// tokens that were good before, so that those who guess do not keep them out.
	mostIntrospected = 32
	maxToken         = 8 << 10
)

// introspector finds out what tokens may do, and remembers it as long as the keyring remembers a key: a token that was revoked is refused within a second.
type introspector struct {
	ask    func(ctx context.Context, token string) (*store.Key, error) // nil = not active
	asking map[bool]chan struct{}                                      // by whether the token was good before

	mu     sync.Mutex
	active map[tokenHash]*inquiry // the last answer about a good one, also when it is too old to go by
	others map[tokenHash]*inquiry // under way, or not active: those who guess must not make good tokens be forgotten
}

type tokenHash = [sha256.Size]byte

// inquiry is one question, and its answer once done is closed.
type inquiry struct {
	done  chan struct{}
	at    time.Time // before the endpoint was asked: what it says is not younger
	known bool      // the token was good before
	key   *store.Key
	err   error
}

func newIntrospector(ask func(context.Context, string) (*store.Key, error)) *introspector {
	return &introspector{
		ask: ask, active: map[tokenHash]*inquiry{}, others: map[tokenHash]*inquiry{},
		asking: map[bool]chan struct{}{true: make(chan struct{}, mostIntrospected), false: make(chan struct{}, mostIntrospected)},
	}
}

// errNotAsked says nothing of the token: it may be a good one.
var errNotAsked = errors.New("the token was not asked about: too many requests without a valid key")

// match returns what a token stands for, nil when it is not good now. Whatever is wrong with it, the work is the same: one question. Who may ask nothing new gets none
// about a token that was never good.
func (i *introspector) match(ctx context.Context, text string, now time.Time, mayAsk func() bool) (*store.Key, error) {
	if i == nil || !mayBeToken(text) {
		return nil, nil
	}
	q, mine := i.inquire(sha256.Sum256([]byte(text)), mayAsk)
	switch {
	case q == nil:
		return nil, errNotAsked
	case mine:
		i.answer(ctx, q, text)
	}
	select {
	case <-q.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if q.err != nil || q.key == nil || !q.key.ValidAt(now) {
		return nil, q.err
	}
	return q.key, nil
}

// mayBeToken keeps keys of ours, good or not, from the endpoint.
func mayBeToken(text string) bool {
	other := func(r rune) bool { return r <= ' ' || r > '~' }
	return text != "" && len(text) <= maxToken && !strings.Contains(text, keyMark) && !strings.ContainsFunc(text, other)
}

// inquire returns the question about a token that is under way or was answered just now, or one that the caller has to answer, nil if it may not.
func (i *introspector) inquire(hash tokenHash, mayAsk func() bool) (q *inquiry, mine bool) {
	now := time.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, memory := range []map[tokenHash]*inquiry{i.active, i.others} {
		if q := memory[hash]; q != nil && now.Sub(q.at) < keyMemory {
			return q, false
		}
	}
	known := i.active[hash] != nil
	if !known && !mayAsk() {
		return nil, false
	}
	q = &inquiry{done: make(chan struct{}), at: now, known: known}
	put(&i.others, hash, q)
	return q, true
}

// put starts over when the memory is full: it is only half a second's.
func put(memory *map[tokenHash]*inquiry, hash tokenHash, q *inquiry) {
	if (*memory)[hash] == nil && len(*memory) >= ringSize {
		*memory = make(map[tokenHash]*inquiry)
	}
	(*memory)[hash] = q
}

// answer asks the endpoint, for all who wait: that one of them goes away changes nothing.
func (i *introspector) answer(ctx context.Context, q *inquiry, text string) {
	defer close(q.done)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), introspectTimeout)
	defer cancel()
	places := i.asking[q.known]
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
		q.key, q.err = i.ask(ctx, text)
	case <-ctx.Done():
		q.err = fmt.Errorf("%d tokens are being asked about already", mostIntrospected)
	}
	i.keep(sha256.Sum256([]byte(text)), q)
}

// keep remembers an answer. A failure is none.
func (i *introspector) keep(hash tokenHash, q *inquiry) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if q.err == nil && q.key == nil {
		delete(i.active, hash)
		return
	}
	if i.others[hash] == q {
		delete(i.others, hash)
	}
	if q.err == nil {
		put(&i.active, hash, q)
	}
}
