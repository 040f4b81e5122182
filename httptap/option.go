package httptap

import (
	"net/http"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

// Option configures a Middleware or a Transport.
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

// DefaultCaptureLimit is how many bytes of content are recorded of a request, and as many of its reply, unless WithCaptureLimit says otherwise.
const DefaultCaptureLimit = 1 << 20

type config struct {
	session  *sentrial.Session
	limit    int
	provider string
	filter   func(*http.Request) bool
	answer   func(w *wire.Wire, status int, contentType string, limit int) answer
}

// answer is a *wire.Answer, but in tests.
type answer interface {
	Write(p []byte) (int, error)
	Begun() bool
	Ended() bool
	Finish(call *types.LLMCall) error
}

func newConfig(opts []Option) *config {
	c := &config{limit: DefaultCaptureLimit, answer: func(w *wire.Wire, status int, contentType string, limit int) answer {
		return w.Answer(status, contentType, limit)
	}}
	for _, o := range opts {
		if o != nil {
			o.apply(c)
		}
	}
	return c
}

// readLimit is how much of a request is read: its facts, such as the model, may stand behind its content.
func (c *config) readLimit() int { return max(c.limit, DefaultCaptureLimit) }

// WithSession is the session of calls whose context has none. Default: those are not recorded, and counted in Stats.Unsessioned.
func WithSession(s *sentrial.Session) Option {
	return optionFunc(func(c *config) { c.session = s })
}

// WithCaptureLimit bounds how many bytes of content are recorded of a request, and as many of its reply; 0 records no content, only facts. Facts, such as the model,
// tokens and finish reasons, are read from longer replies too. Default: DefaultCaptureLimit.
func WithCaptureLimit(bytes int) Option {
	return optionFunc(func(c *config) { c.limit = max(0, bytes) })
}

// WithProvider names the provider, in the words of OpenTelemetry's gen_ai.provider.name: for gateways, whose host does not tell. Default: what host and wire say.
func WithProvider(name string) Option {
	return optionFunc(func(c *config) { c.provider = name })
}

// WithFilter leaves out the requests for which record returns false, and asks it of calls of models only. It must not read the request's body. A request for which
// it panics is recorded. Default: all are.
func WithFilter(record func(*http.Request) bool) Option {
	return optionFunc(func(c *config) { c.filter = record })
}
