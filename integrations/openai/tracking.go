package openai

import (
	"github.com/openai/openai-go/v3/option"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
)

// Option says how calls are recorded. All options of package httptap are options here.
type Option = httptap.Option

// WithTracking records the calls of the client or the call that it is an option of. With a nil client nothing is recorded.
func WithTracking(client *sentrial.Client, opts ...Option) option.RequestOption {
	return option.WithMiddleware(httptap.Middleware(client, opts...)) //nolint:bodyclose // nothing is sent here
}

// WithSession is where calls are recorded whose context has no session of its own.
func WithSession(s *sentrial.Session) Option { return httptap.WithSession(s) }

// WithCaptureLimit bounds how many bytes of a request and of its answer are recorded; the counts, such as tokens, are read whatever the size.
func WithCaptureLimit(bytes int) Option { return httptap.WithCaptureLimit(bytes) }
