package faultsink

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Condition chooses requests.
type Condition func(x *Exchange) bool

// Chance chooses requests with this probability, 0 to 1. The same seed makes the same choices in the same order.
func Chance(probability float64, seed uint64) Condition {
	var mu sync.Mutex
	source := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // it has to be repeatable
	return func(*Exchange) bool {
		mu.Lock()
		defer mu.Unlock()
		return source.Float64() < probability
	}
}

// Within chooses requests that come from..to after the sink's first request: Within(0, 30*time.Second) is an outage of 30 s that begins with it.
func Within(from, to time.Duration) Condition {
	return func(x *Exchange) bool { return from <= x.Since() && x.Since() < to }
}

// WithinUptime chooses requests that come from..to after New.
func WithinUptime(from, to time.Duration) Condition {
	return func(x *Exchange) bool { return from <= x.Uptime() && x.Uptime() < to }
}

// Holding chooses batches with an event whose JSON contains the marker. It reads the body.
func Holding(marker string) Condition {
	return func(x *Exchange) bool { return slices.ContainsFunc(x.Events(), Marked(marker)) }
}

// Marked tells of one event whether its JSON contains the marker.
func Marked(marker string) func(Event) bool {
	return func(e Event) bool { return bytes.Contains(e.JSON, []byte(marker)) }
}

// MoreThan chooses batches that exceed one of the limits. It reads the body.
func MoreThan(l Limits) Condition {
	return func(x *Exchange) bool { return l.exceededBy(x) }
}

// Not chooses what c does not.
func Not(c Condition) Condition { return func(x *Exchange) bool { return !c(x) } }

// All chooses what each of the conditions does; those after the first that does not are not asked.
func All(conditions ...Condition) Condition {
	return func(x *Exchange) bool {
		return !slices.ContainsFunc(conditions, func(c Condition) bool { return !c(x) })
	}
}
