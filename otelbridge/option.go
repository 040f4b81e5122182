package otelbridge

import "slices"

// Option configures an Exporter.
type Option interface{ apply(*config) }

type config struct{ sessionKeys []string }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

func newConfig(opts []Option) *config {
	c := &config{sessionKeys: []string{keyOwnSessionID, keySessionID, keyConversationID}}
	for _, o := range opts {
		if o != nil {
			o.apply(c)
		}
	}
	return c
}

// WithSessionKeys names the span attributes that hold the session's id; the first one that a span has counts. Default: sentrial.session.id, session.id,
// gen_ai.conversation.id. With no keys every trace is a session of its own.
func WithSessionKeys(keys ...string) Option {
	keys = slices.Clone(keys)
	return optionFunc(func(c *config) { c.sessionKeys = keys })
}
