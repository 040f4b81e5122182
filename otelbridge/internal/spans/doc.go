// Package spans makes OpenTelemetry spans of a client's events, as they happen. otelbridge.WithSpans is its way to the world.
//
// keys.go lists what the spans carry. What becomes of which event is in hook.go; each payload has a file of its own.
package spans
