package langchaingo

import (
	"context"

	"github.com/tmc/langchaingo/callbacks"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
)

// Handler records what the callbacks of langchaingo tell. One handler may serve any number of chains, agents, models and tools at once.
type Handler struct {
	config
	client   *sentrial.Client
	recorder *adapter.Recorder
	follower follower
}

var _ callbacks.Handler = (*Handler)(nil)

// NewHandler makes a handler for agents.WithCallbacksHandler, chains.WithCallback, and the field CallbacksHandler of models, chains and tools. A nil client records
// nothing.
func NewHandler(client *sentrial.Client, opts ...Option) *Handler {
	c := newConfig(opts)
	return &Handler{config: c, client: client, recorder: adapter.New(client, c.session)}
}

// HandleText records nothing: it is what a chain would print.
func (h *Handler) HandleText(_ context.Context, text string) {
	if h != nil {
		h.verbose.line(textColour, "text", text)
	}
}

// told is around what a callback does. It keeps what goes wrong in here from the program, and nil handlers and contexts from what is in here. now is where it
// was called from.
func (h *Handler) told(ctx context.Context, do func(ctx context.Context, now spot)) {
	if h == nil || h.client == nil && h.verbose == nil {
		return
	}
	if ctx == nil {
		ctx = context.Background()
	}
	now := spotHere()
	quietly(func() { do(ctx, now) })
}

// quietly is around what reads values of the framework and the program: nothing in them may harm the agent.
func quietly(do func()) {
	defer func() { _ = recover() }()
	do()
}
