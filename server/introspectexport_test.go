package server

import (
	"context"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const MostIntrospected = mostIntrospected

// Introspector remembers what a function says of tokens.
type Introspector struct {
	*introspector
	Spent bool // nothing new may be asked about
}

func NewIntrospector(ask func(context.Context, string) (*store.Key, error)) Introspector {
	return Introspector{introspector: newIntrospector(ask)}
}

func (i Introspector) Match(ctx context.Context, text string, now time.Time) (*store.Key, error) {
	return i.match(ctx, text, now, func() bool { return !i.Spent })
}

// Kept tells how many answers are remembered.
func (i Introspector) Kept() (active, others int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.active), len(i.others)
}
