package consumer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// Configure sets every option of a client that sends to url.
func Configure(url string, logger *slog.Logger, lost func(sentrial.Drop)) (*sentrial.Client, error) {
	return sentrial.New(
		sentrial.WithAPIKey("key"),
		sentrial.WithProjectID("shop"),
		sentrial.WithAPIURL(url),
		sentrial.WithTimeout(5*time.Second),
		sentrial.WithMaxRetries(1),
		sentrial.WithFlushInterval(100*time.Millisecond),
		sentrial.WithBatchBytes(64<<10),
		sentrial.WithQueueBytes(8<<20),
		sentrial.WithOverflow(sentrial.DropOldest),
		sentrial.WithCompression(sentrial.CompressionAuto),
		sentrial.WithProtocol(sentrial.ProtocolBatch),
		sentrial.WithCloseTimeout(10*time.Second),
		sentrial.WithService("shop", "1.2.3", "production"),
		sentrial.WithHTTPClient(&http.Client{}),
		sentrial.WithLogger(logger),
		sentrial.WithOnDrop(lost),
		sentrial.WithRedactor(maskMail{}),
		sentrial.WithHook(&counter{}),
	)
}

// maskMail is a redactor: answers that name an address are not recorded.
type maskMail struct{}

func (maskMail) Redact(_ context.Context, e *types.Event) error {
	if e.LLMCall != nil && strings.Contains(e.LLMCall.Response, "@") {
		e.LLMCall.Response = "[mail]"
	}
	return nil
}

// counter is a hook that sees operations begin and end.
type counter struct{ begun, ended atomic.Int64 }

func (c *counter) OnStart(ctx context.Context, _ *types.Event) context.Context {
	c.begun.Add(1)
	return ctx
}

func (c *counter) OnEnd(context.Context, *types.Event) { c.ended.Add(1) }

// Explain says in one line what went wrong, as an operator's log would.
func Explain(err error) string {
	var api *sentrial.APIError
	var incomplete *sentrial.IncompleteError
	switch {
	case errors.As(err, &incomplete):
		return fmt.Sprintf("%d events are not delivered: %v", incomplete.Stats.Queued, incomplete.Err)
	case errors.Is(err, sentrial.ErrUnauthorized), errors.Is(err, sentrial.ErrForbidden):
		return "check the key"
	case errors.Is(err, sentrial.ErrNotFound), errors.Is(err, sentrial.ErrUnsupported), errors.Is(err, sentrial.ErrClosed):
		return "nothing to read"
	case errors.Is(err, sentrial.ErrRateLimited) && errors.As(err, &api):
		return "later: " + api.RetryAfter.String()
	case errors.As(err, &api):
		return fmt.Sprintf("%d %s: %s (request %s)", api.Status, api.Code, api.Message, api.RequestID)
	default:
		return "fine"
	}
}

// Lost sums what a client could not deliver.
func Lost(s sentrial.Stats) (lost uint64) {
	for _, n := range s.Dropped {
		lost += n
	}
	return lost
}

// Balanced says whether the books of a client add up.
func Balanced(s sentrial.Stats) bool {
	return s.Accepted+s.Recovered == s.Delivered+Lost(s)+s.Queued
}
