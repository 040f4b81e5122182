package genai

import (
	"context"
	"net/http"

	"google.golang.org/genai"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
)

// Option says how calls are recorded. All options of package httptap are options here.
type Option = httptap.Option

// NewClient is genai.NewClient whose calls are recorded. The configuration is the caller's, with one difference: it is not written to. Where genai makes its own
// HTTP client, with the default credentials for Vertex AI, that client is used, so nothing has to be known about authentication here.
func NewClient(ctx context.Context, client *sentrial.Client, config *genai.ClientConfig, opts ...Option) (*genai.Client, error) {
	var own genai.ClientConfig
	if config != nil {
		own = *config
	}
	if own.HTTPClient != nil {
		own.HTTPClient = HTTPClient(client, own.HTTPClient, opts...)
		return genai.NewClient(ctx, &own)
	}
	model, err := genai.NewClient(ctx, &own)
	if err != nil {
		return nil, err
	}
	made := model.ClientConfig().HTTPClient // genai's own, that nobody else knows and that nothing was sent with yet
	made.Transport = httptap.Transport(client, made.Transport, opts...)
	return model, nil
}

// HTTPClient gives a copy of base, or of an empty client if base is nil, whose calls are recorded, for genai.ClientConfig.HTTPClient. With that set genai adds no
// credentials for Vertex AI: base has to, or the configuration's UseDefaultCredentials. With NewClient none of that is needed.
func HTTPClient(client *sentrial.Client, base *http.Client, opts ...Option) *http.Client {
	var own http.Client
	if base != nil {
		own = *base
	}
	own.Transport = httptap.Transport(client, own.Transport, opts...)
	return &own
}

// WithSession is where calls are recorded whose context has no session of its own.
func WithSession(s *sentrial.Session) Option { return httptap.WithSession(s) }

// WithCaptureLimit bounds how many bytes of a request and of its answer are recorded; the counts, such as tokens, are read whatever the size.
func WithCaptureLimit(bytes int) Option { return httptap.WithCaptureLimit(bytes) }
