package main

import (
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// row is one line of the table: a fault, and what must hold under it. What is not said here must be nothing at all: events lost, stored twice, unknown or changed,
// inversions, early retries, leaks.
type row struct {
	name  string // for --rows
	title string

	hosted bool // a row of the hosted wire

	fault   func(load) faultsink.Rule // nil = none
	refused bool                      // the port is closed for the time of an outage
	burst   bool                      // recorded as fast as it goes, whatever the rate
	odd     *types.Step               // one event in the middle of the others

	dropped   map[sentrial.DropReason]int // the loss that is allowed; it must be just this
	uncertain uncertainty                 // of the hosted wire: events that are lost or not, beside these
	twins     bool                        // of the hosted wire: some sessions are made twice
	atMost    int                         // requests that may meet the fault, 0 = any number; one must
	peers     peers
}

// uncertainty says whether replies are lost, so that nobody knows whether an event is stored.
type uncertainty int

const (
	never  uncertainty = iota
	maybe              // it depends on how much of a request got out
	surely             // at least once
)

func (u uncertainty) allows(n uint64) bool {
	return n == 0 && u != surely || n > 0 && u != never
}

func (u uncertainty) String() string { return [...]string{"no", "some or no", "some"}[u] }

// peers are what other SDKs made of the same fault: delivered/duplicated/lost of 20,000 events, "" where nobody tried.
type peers [6]string

// peerNotes say what the figures alone do not.
var peerNotes = []string{
	"¹ delivered, but told to the program as failed",
	"² at the price of blocking the program, for 25 s in one call",
	"³ 29 of 29 times before the wait that the server asked for was over",
	"⁴ of 5000 events; the whole batch went to the other host",
	"⁵ in part the overflow of its queue on a busy machine: the number varies",
}

var peerNames = peers{"otel", "otel-block", "sentry", "sentry-old", "posthog 1.5.2", "posthog 1.23.1"}

// outage is how long a destination is down.
const outage = 30 * time.Second

// seed of all chances: it picks the 2nd, 7th, 12th, 14th and 16th of the first twenty requests for one in five.
const seed = 29

// oneInFive answers a fifth of all requests so.
func oneInFive(step faultsink.Step) func(load) faultsink.Rule {
	return func(load) faultsink.Rule { return faultsink.When(faultsink.Chance(0.2, seed), step) }
}

// during answers all requests of some time so.
func during(d time.Duration, step faultsink.Step) func(load) faultsink.Rule {
	return func(l load) faultsink.Rule {
		return faultsink.When(faultsink.WithinUptime(l.begin(), l.begin()+d), step)
	}
}

// second answers the second request so: the first has made a connection and shown that the server works.
func second(step faultsink.Step) func(load) faultsink.Rule { return nth(2, step) }

func nth(n int, step faultsink.Step) func(load) faultsink.Rule {
	return func(load) faultsink.Rule {
		return faultsink.When(func(x *faultsink.Exchange) bool { return x.N() == n }, step)
	}
}

// holding answers every batch that holds the odd event so.
func holding(step faultsink.Step) func(load) faultsink.Rule {
	return func(load) faultsink.Rule { return faultsink.When(faultsink.Holding(poison), step) }
}

// above answers 413 to batches above the limits.
func above(limits faultsink.Limits) func(load) faultsink.Rule {
	return func(load) faultsink.Rule { return faultsink.Limit(limits) }
}

// plan makes the rules of one run, which count what they are used for.
func (r row) plan(l load, met *atomic.Int64) []faultsink.Rule {
	if r.fault == nil {
		return nil
	}
	rule := r.fault(l)
	return []faultsink.Rule{func(x *faultsink.Exchange) faultsink.Step {
		step := rule(x)
		if step != nil {
			met.Add(1)
		}
		return step
	}}
}

// sink makes the server of the row's wire.
func (r row) sink(plan ...faultsink.Rule) *faultsink.Sink {
	if r.hosted {
		return faultsink.NewHosted(plan...)
	}
	return faultsink.New(plan...)
}

// faulty tells whether the row has a fault that requests can meet.
func (r row) faulty() bool { return r.fault != nil || r.refused }

// lost is how many events the row may cost.
func (r row) lost() (n int) {
	for _, dropped := range r.dropped {
		n += dropped
	}
	return n
}
