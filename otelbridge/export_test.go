package otelbridge

import "github.com/sentrial/sentrial-go/otelbridge/genai"

// The bounds of what is remembered.
const (
	MaxOpen    = maxOpen
	SpansNoted = spansNoted
)

// WithMapperFilter puts code of a test into the mapper, as a dialect is.
func WithMapperFilter(f func(*genai.Span) bool) Option {
	return optionFunc(func(c *config) { c.mapping.Filter = f })
}
