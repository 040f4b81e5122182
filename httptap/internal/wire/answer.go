package wire

import "github.com/sentrial/sentrial-go/types"

// Answer is what a reply has said so far. It is for one goroutine at a time.
type Answer struct{}

// Write reads a piece of the reply. It never fails.
func (a *Answer) Write(p []byte) (int, error) { return len(p), nil }

// Begun tells whether the first token of a stream has come: text, reasoning or a call of a tool. A reply that is no stream never says so.
func (a *Answer) Begun() bool { return false }

// Ended tells whether the reply's own end was seen.
func (a *Answer) Ended() bool { return false }

// Finish puts what was said into call. The error is what the provider said, or that the reply was cut or could not be read.
func (a *Answer) Finish(call *types.LLMCall) error { return nil }
