package mcp

import "github.com/sentrial/sentrial-go"

// Option configures a middleware.
type Option interface{ apply(*settings) }

type settings struct {
	fallback    *sentrial.Session
	trustedMeta bool
	withoutMeta bool
}

type optionFunc func(*settings)

func (f optionFunc) apply(s *settings) { f(s) }

// WithSession records calls that have no session in their context in s. Default: they are not recorded, and counted in Stats.Unsessioned.
func WithSession(s *sentrial.Session) Option {
	return optionFunc(func(set *settings) { set.fallback = s })
}

// WithTrustedMeta makes a server read the session from every request's _meta, whatever transport it came by. It is for servers that only trusted clients reach:
// whoever writes a _meta chooses the session that is written to. Default: only what came by standard input and output or in memory is read. On a client it
// changes nothing.
func WithTrustedMeta() Option {
	return optionFunc(func(set *settings) { set.trustedMeta = true })
}

// WithoutMeta makes a client write nothing into _meta, and a server read nothing from it. It is for clients of servers that should not learn ids and baggage,
// and for servers whose own transport carries requests of strangers, such as an IOTransport over a socket, or server-sent
// events without net/http's server. It wins over WithTrustedMeta.
func WithoutMeta() Option {
	return optionFunc(func(set *settings) { set.withoutMeta = true })
}

func newSettings(opts []Option) (set settings) {
	for _, opt := range opts {
		if opt != nil {
			opt.apply(&set)
		}
	}
	return set
}
