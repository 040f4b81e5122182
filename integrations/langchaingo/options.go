package langchaingo

import (
	"io"

	"github.com/sentrial/sentrial-go"
)

// Option is an option of NewHandler, WrapModel and WrapTool.
type Option interface{ apply(c *config) }

type option func(*config)

func (o option) apply(c *config) { o(c) }

type config struct {
	session     *sentrial.Session
	verbose     *printer
	noThoughts  bool
	noToolError bool
	modelName   string
}

func newConfig(opts []Option) config {
	var c config
	for _, o := range opts {
		if o != nil {
			o.apply(&c)
		}
	}
	return c
}

// WithSession is the session of what happens in a context that has none.
func WithSession(s *sentrial.Session) Option { return option(func(c *config) { c.session = s }) }

// WithVerbose prints a line to w for each thing that begins or ends, in colour if w is a terminal. It is the only thing that waits: for w.
func WithVerbose(w io.Writer) Option { return option(func(c *config) { c.verbose = newPrinter(w) }) }

// WithoutChainOfThought records no steps and no decisions: neither what chains are given and give, nor what the agent thought. Calls of models and tools are
// recorded, the latter without the reason for them.
func WithoutChainOfThought() Option { return option(func(c *config) { c.noThoughts = true }) }

// WithoutToolErrors records tool calls that fail without their error and with status unknown, so that they count as no errors.
func WithoutToolErrors() Option { return option(func(c *config) { c.noToolError = true }) }

// WithModelName says what the model is called, for calls whose options do not say it. WrapModel finds out by itself what the providers of langchaingo were made
// with; the handler never does.
func WithModelName(name string) Option { return option(func(c *config) { c.modelName = name }) }
