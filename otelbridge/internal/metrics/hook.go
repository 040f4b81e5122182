package metrics

import (
	"cmp"
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

const scopeName = "github.com/sentrial/sentrial-go/otelbridge"

// Attributes of the measurements, as the GenAI conventions name them.
const (
	keyOperation     = attribute.Key("gen_ai.operation.name")
	keyProvider      = attribute.Key("gen_ai.provider.name")
	keyRequestModel  = attribute.Key("gen_ai.request.model")
	keyResponseModel = attribute.Key("gen_ai.response.model")
	keyTokenType     = attribute.Key("gen_ai.token.type")
	keyToolName      = attribute.Key("gen_ai.tool.name")
	keyAgentName     = attribute.Key("gen_ai.agent.name")
	keyErrorType     = attribute.Key("error.type")
)

// Boundaries of the histograms, as the conventions want them.
var (
	tokenBounds  = []float64{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}
	secondBounds = []float64{0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}
	chunkBounds  = []float64{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
)

// Hook measures. It is a sentrial.EndHook and ClientHook.
type Hook struct {
	tokens                      metric.Int64Histogram
	calls, firstChunk           metric.Float64Histogram
	tools, agents               metric.Float64Histogram
	health                      *health
	running                     *starts
	input, output, agentInvoked attribute.KeyValue
}

// New makes a hook whose instruments are mp's. One that mp refuses measures nothing, and mp says why.
func New(mp metric.MeterProvider) *Hook {
	m := mp.Meter(scopeName)
	h := &Hook{
		health: newHealth(m), running: newStarts(),
		input: keyTokenType.String("input"), output: keyTokenType.String("output"), agentInvoked: keyOperation.String("invoke_agent"),
	}
	h.tokens, _ = m.Int64Histogram("gen_ai.client.token.usage", metric.WithUnit("{token}"),
		metric.WithDescription("Number of input and output tokens used."), metric.WithExplicitBucketBoundaries(tokenBounds...))
	h.calls = seconds(m, "gen_ai.client.operation.duration", "GenAI operation duration.", secondBounds)
	h.firstChunk = seconds(m, "gen_ai.client.operation.time_to_first_chunk", "Time to receive the first chunk of a streamed answer.", chunkBounds)
	h.tools = seconds(m, "gen_ai.execute_tool.duration", "Duration of a tool's execution.", secondBounds)
	h.agents = seconds(m, "gen_ai.invoke_agent.duration", "Duration of an agent's run.", secondBounds)
	return h
}

func seconds(m metric.Meter, name, description string, bounds []float64) metric.Float64Histogram {
	h, _ := m.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(description), metric.WithExplicitBucketBoundaries(bounds...))
	return h
}

// OnClient adds the client to those whose health is shown.
func (h *Hook) OnClient(c *sentrial.Client) { h.health.add(c) }

// OnEnd measures an operation that has ended.
func (h *Hook) OnEnd(ctx context.Context, e *types.Event) {
	switch {
	case e.LLMCall != nil:
		h.llmCall(ctx, e)
	case e.ToolCall != nil:
		record(ctx, h.tools, e.Duration, failed(e, keyOperation.String("execute_tool"), keyToolName.String(e.ToolCall.ToolName)))
	case e.Step != nil && e.Step.Kind == "agent":
		record(ctx, h.agents, e.Duration, failed(e, h.agentInvoked, keyAgentName.String(e.Step.Name)))
	case e.Type == types.EventSessionStart && e.Session != nil:
		h.running.put(e.SessionID, run{e.Timestamp, cmp.Or(e.Session.AgentName, e.Session.Name)})
	case e.Type == types.EventSessionEnd:
		if run, ok := h.running.take(e.SessionID); ok {
			record(ctx, h.agents, e.Timestamp.Sub(run.start), failed(e, h.agentInvoked, keyAgentName.String(run.agent)))
		}
	}
}

func (h *Hook) llmCall(ctx context.Context, e *types.Event) {
	c := e.LLMCall
	about := about(c)
	if n := c.Usage.PromptTokens; n > 0 {
		h.tokens.Record(ctx, int64(n), metric.WithAttributes(append(about, h.input)...))
	}
	if n := c.Usage.CompletionTokens; n > 0 {
		h.tokens.Record(ctx, int64(n), metric.WithAttributes(append(about, h.output)...))
	}
	if c.TimeToFirstToken > 0 {
		record(ctx, h.firstChunk, c.TimeToFirstToken, about)
	}
	record(ctx, h.calls, e.Duration, failed(e, about...))
}

// about says of a call what the conventions tell measurements apart by.
func about(c *types.LLMCall) []attribute.KeyValue {
	list := make([]attribute.KeyValue, 0, 6)
	list = append(list, keyOperation.String(cmp.Or(c.Operation, "chat")))
	if c.Provider != "" {
		list = append(list, keyProvider.String(c.Provider))
	}
	if asked := cmp.Or(c.RequestModel, c.Model); asked != "" {
		list = append(list, keyRequestModel.String(asked))
	}
	if c.Model != "" {
		list = append(list, keyResponseModel.String(c.Model))
	}
	return list
}

// failed adds the type of an error, of which an event knows the text alone.
func failed(e *types.Event, list ...attribute.KeyValue) []attribute.KeyValue {
	switch e.Status {
	case types.StatusError:
		return append(list, keyErrorType.String("_OTHER"))
	case types.StatusCancelled:
		return append(list, keyErrorType.String("cancelled"))
	}
	return list
}

func record(ctx context.Context, to metric.Float64Histogram, d time.Duration, list []attribute.KeyValue) {
	if d >= 0 {
		to.Record(ctx, d.Seconds(), metric.WithAttributes(list...))
	}
}
