package sentineltest

import "time"

// Option sets up a server.
type Option interface{ apply(*config) }

type config struct {
	steps     int
	maxUpload int64
	limit     int
	window    time.Duration
	answer    func(sessionID string, history []Message, message string) string
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

// WithSteps is how many questions for a document's progress it takes until it is completed: the first of them says queued, those between say processing. Default: 3.
func WithSteps(n int) Option { return option(func(c *config) { c.steps = max(1, n) }) }

// WithMaxUpload is how large a document may be: beyond, it is refused with 413. Default: 32 MiB.
func WithMaxUpload(bytes int64) Option { return option(func(c *config) { c.maxUpload = bytes }) }

// WithRateLimit refuses requests of a token beyond n in any window with 429 and Retry-After. Default: none, as the documentation names no number.
func WithRateLimit(n int, window time.Duration) Option {
	return option(func(c *config) { c.limit, c.window = n, window })
}

// WithAnswers makes the chat answer with what f returns. history are the messages of the session before this one. f is called by several requests at once.
// Default: the message is repeated.
func WithAnswers(f func(sessionID string, history []Message, message string) string) Option {
	return option(func(c *config) { c.answer = f })
}

func echo(_ string, _ []Message, message string) string { return "You wrote: " + message }
