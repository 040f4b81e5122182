// Package metrics makes OpenTelemetry metrics of a client's events and of its own counters. otelbridge.WithMetrics is its way to the world.
package metrics
