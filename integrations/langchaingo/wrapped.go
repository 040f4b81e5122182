package langchaingo

import (
	"context"
	"strings"
	"sync"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go"
)

// callInside is, in the context that a wrapped model is called with, the call that WrapModel records: callbacks inside have nothing to add.
type callInside struct {
	client *sentrial.Client
	mu     sync.Mutex
	answer *llms.ContentResponse
}

type callKey struct{}

func wrappedCall(ctx context.Context, client *sentrial.Client) *callInside {
	if w, ok := ctx.Value(callKey{}).(*callInside); ok && w.client == client {
		return w
	}
	return nil
}

// heard keeps an answer for a wrapped Call, which gives only the text of it.
func (w *callInside) heard(res *llms.ContentResponse) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if res != nil {
		w.answer = res
	}
}

func (w *callInside) said() *llms.ContentResponse {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answer
}

// toolInside is the same for a wrapped tool. But a tool may call others, so it counts only for callbacks that tell of the same call: the first with that input.
type toolInside struct {
	client      *sentrial.Client
	name, input string

	mu    sync.Mutex
	state int // of the callbacks of this call
}

const (
	untold = iota
	begun
	told
)

type toolKey struct{}

// wrappedTool is nil outside of the client's wrapped tools. Every method works on nil.
func wrappedTool(ctx context.Context, client *sentrial.Client) *toolInside {
	if w, ok := ctx.Value(toolKey{}).(*toolInside); ok && w.client == client {
		return w
	}
	return nil
}

// take tells whether a beginning is that of this call.
func (w *toolInside) take(input string) bool {
	return w != nil && w.input == input && w.moves(untold, begun)
}

// give tells whether an end is that of this call.
func (w *toolInside) give() bool { return w != nil && w.moves(begun, told) }

func (w *toolInside) moves(from, to int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state != from {
		return false
	}
	w.state = to
	return true
}

// is tells whether a call seems to be the same: a callback knows the input and perhaps the name.
func (w *toolInside) is(name, input string) bool {
	return w.input == input && (name == "" || strings.EqualFold(w.name, name))
}
