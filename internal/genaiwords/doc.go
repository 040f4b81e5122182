// Package genaiwords holds the words of OpenTelemetry's GenAI conventions, and what providers call the same: both who reads spans and who reads requests need them.
package genaiwords
