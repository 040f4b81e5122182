package consumer

import (
	"context"
	"time"

	"github.com/sentrial/sentrial-go"
)

// Handler is a function that is frozen as soon as it returns: what it recorded must be out by then, within a time that it can afford.
func Handler(client *sentrial.Client, work func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			_ = client.Flush(ctx) // what is left goes out with the next call
		}()
		return client.Run(ctx, "invocation", work)
	}
}
