// Package peer has each SDK behind one interface, used as its own documentation says and with its default settings, unless events must not be lost.
package peer

import (
	"context"
	"slices"

	"github.com/sentrial/sentrial-go/bench/work"
)

// Peer is an SDK at work.
type Peer interface {
	ToolCall(*work.Tool)
	LLMCall(*work.LLM)
	// Close delivers what it can before the deadline of ctx, as far as the SDK knows one, and stops.
	Close(ctx context.Context) error
}

// LossCounter is a Peer that knows how many events it has lost.
type LossCounter interface{ Lost() uint64 }

// Config is what an SDK is told.
type Config struct {
	URL      string // of the sink, without a path
	Lossless bool   // wait rather than drop, where the SDK has a choice
	Dir      string // for files; it need not exist
}

// Kind describes an SDK, or one way to use it.
type Kind struct {
	Name     string // on the command line
	Title    string
	Ours     bool
	Snapshot bool   // what the caller does to its maps after the call is not seen
	Burst    int    // how many calls in a row it takes without making the caller wait
	Encoding string // of bodies
	New      func(Config) (Peer, error)
}

// Reference is the name of the kind that others are compared with, the other one of those that compress.
const (
	Reference           = "otel"
	CompressedReference = "otel-gzip"
)

// All kinds, in the order of the tables.
func All() []Kind {
	return slices.Concat([]Kind{nothing()}, sentrials(), otels(), []Kind{langfuseKind(), segmentKind(), posthogKind(), sentryKind()})
}

// Find is the kind of a name.
func Find(name string) (Kind, bool) {
	all := All()
	i := slices.IndexFunc(all, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return all[i], true
}

// burst is for SDKs whose queue holds thousands of events.
const burst = 1024

// Nothing is the name of the kind that records nothing: what remains is the cost of measuring.
const Nothing = "nothing"

type idle struct{}

func (idle) ToolCall(*work.Tool)         {}
func (idle) LLMCall(*work.LLM)           {}
func (idle) Close(context.Context) error { return nil }

// Idle records nothing.
func Idle() Peer { return idle{} }

func nothing() Kind {
	return Kind{Name: Nothing, Title: "nothing (the harness)", Snapshot: true, Burst: burst, New: func(Config) (Peer, error) { return idle{}, nil }}
}
