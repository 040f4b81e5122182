package consumer

import (
	"context"
	"net/http"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// Dispatch hands the session in ctx to a worker over HTTP.
func Dispatch(ctx context.Context, url string) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	sentrial.Inject(ctx, request.Header)
	return request, nil
}

// Enqueue hands the session in ctx to a worker over a queue, as the headers of a message.
func Enqueue(ctx context.Context) map[string]string {
	headers := sentrial.MapCarrier{}
	sentrial.Inject(ctx, headers)
	return headers
}

// Worker is the other process: what it records belongs to the session that the message names.
func Worker(ctx context.Context, client *sentrial.Client, headers map[string]string) (sessionID, eventID string) {
	ctx = client.Extract(ctx, sentrial.MapCarrier(headers))
	session := sentrial.SessionFromContext(ctx)
	return session.ID(), session.TrackToolCall(ctx, types.ToolCall{ToolName: "resize", Status: types.StatusSuccess, Attempt: 1})
}
