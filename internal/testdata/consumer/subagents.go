package consumer

import (
	"context"
	"errors"
	"sync"

	"github.com/sentrial/sentrial-go"
)

// SubAgents runs one agent per topic inside a session of its own; the sessions name the one around them as their parent.
func SubAgents(ctx context.Context, client *sentrial.Client, topics ...string) error {
	return client.Run(ctx, "research", func(ctx context.Context) error {
		errs := make([]error, len(topics))
		var wg sync.WaitGroup
		for i, topic := range topics {
			wg.Go(func() {
				errs[i] = client.Run(ctx, topic, research, sentrial.WithAgentName("researcher"))
			})
		}
		wg.Wait()
		return errors.Join(errs...)
	}, sentrial.WithAgentName("lead"))
}

func research(ctx context.Context) error {
	_, err := sentrial.Tool(ctx, "search", "topic", func(context.Context, string) ([]string, error) {
		return []string{"first", "second"}, nil
	}, sentrial.WithCallID("call-1"), sentrial.WithMetadata(map[string]any{"index": "web"}))
	return errors.Join(err, sentrial.Step(ctx, "read", func(context.Context) error { return nil }))
}

// Reopen continues a session by its id, below a parent that another program named.
func Reopen(ctx context.Context, client *sentrial.Client, id, parent string) *sentrial.Session {
	_, session := client.CreateSession(ctx, "continued", sentrial.WithSessionID(id), sentrial.WithParentSession(parent))
	return session
}
