package otelbridge

import (
	"go.opentelemetry.io/otel/metric"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge/internal/metrics"
)

// WithMetrics measures what a client records, and the client itself:
//
//	client, err := sentrial.New(sentrial.WithHook(otelbridge.WithMetrics(mp)))
//
// Of calls of models gen_ai.client.token.usage, gen_ai.client.operation.duration and gen_ai.client.operation.time_to_first_chunk, of tools
// gen_ai.execute_tool.duration, of sessions and steps of agents gen_ai.invoke_agent.duration, as the GenAI conventions have them. Of the client what Stats says, under
// sentrial.sdk.: events.accepted, events.recovered, events.delivered, events.dropped and events.refused by reason, queue.events, queue.size, requests, retries,
// spans.abandoned. They are read when the metrics are collected, so collect once more after the client is closed. A hook given to several clients shows their sums.
func WithMetrics(mp metric.MeterProvider) sentrial.Hook { return metrics.New(mp) }
