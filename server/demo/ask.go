package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// modelTimeout bounds one call of the model.
const modelTimeout = 2 * time.Minute

// recording is what came of a run of the agent.
type recording struct {
	sessionID string
	answer    string
	stats     sentrial.Stats
}

// ask lets the agent answer the question in a session of its own and makes sure that the server has all of it.
func (h *house) ask(ctx context.Context, opts Options) (run recording, err error) {
	client, err := sentrial.New(sentrial.WithAPIURL(h.url), sentrial.WithService("sentrial-demo", "", "demo"))
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, run.settle(ctx, client)) }()
	worker := &agent{model: h.model, provider: h.provider(), tools: h.tools}
	err = client.Run(ctx, title(h.dir), func(ctx context.Context) (err error) {
		session := sentrial.SessionFromContext(ctx)
		run.sessionID = session.ID()
		if run.answer, err = worker.answer(ctx, opts.Question); err != nil {
			return err
		}
		session.SetResult(types.SessionResult{Summary: "Answered: " + opts.Question, Output: run.answer})
		return nil
	},
		sentrial.WithAgentName("repository-agent"),
		sentrial.WithUserID(opts.UserID),
		sentrial.WithInput(opts.Question),
		sentrial.WithTags("demo"),
		sentrial.WithMetadata(map[string]any{"directory": h.dir, "model_endpoint": h.model.Address()}),
	)
	return run, err
}

// settle closes the client and holds what it recorded against what arrived.
func (r *recording) settle(ctx context.Context, client *sentrial.Client) error {
	err := client.Close(context.WithoutCancel(ctx))
	r.stats = client.Stats()
	if err == nil && r.stats.Delivered != r.stats.Accepted {
		err = fmt.Errorf("of %d events recorded %d were delivered; dropped: %v", r.stats.Accepted, r.stats.Delivered, r.stats.Dropped)
	}
	return err
}

// provider is who answers, in the terms of OpenTelemetry; whatever speaks this wire goes by the name of the one it comes from.
func (h *house) provider() string {
	if h.standIn {
		return "sentrial-demo"
	}
	return "openai"
}
