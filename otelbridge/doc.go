// Package otelbridge joins Sentrial and OpenTelemetry, both ways.
//
// In: GenAI spans become events, so an agent that is instrumented already needs one line. It goes beside any other processor or exporter that the program has.
//
//	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(otelbridge.NewSpanProcessor(client)))
//
// Out: what the client records becomes spans and metrics, as it happens, for backends beside Sentrial. See WithSpans and WithMetrics.
//
//	client, err := sentrial.New(sentrial.WithHook(otelbridge.WithSpans(tp)), sentrial.WithHook(otelbridge.WithMetrics(mp)))
//
// Both may be used at once, with one TracerProvider: see "Both ways at once".
//
// # Processor or exporter
//
// NewSpanProcessor is the better one. It sees spans begin, so a session is seen from its beginning (a session_start with the id otel_TRACE.open), spans belong to the
// session of the client that their context is in, and a call that both a helper of the client's and an instrumentation see is one event. NewExporter is for where an
// exporter is wanted: behind a batch processor, a tail sampler, a wrapper of another vendor's. Both read spans in the same way.
//
// # What becomes of a span
//
// Package otelbridge/genai reads it, and the ingestion server reads what comes over OTLP in the same way, so `sentrial explain-span` shows for any span what it
// becomes and why.
//
//	a call of a model, embeddings                         llm_call
//	a call of a tool, a retrieval, an operation on memory tool_call
//	an agent or a workflow that is the root of its trace  session_start and session_end
//	one inside another span, or inside a session          step of kind agent
//	a plan, a decision                                    decision
//	an evaluation                                         feedback
//	where an error began                                  error
//
// Other spans (HTTP, databases, steps of frameworks) are no events, unless WithGenericSpans makes steps of them; they are passed over, and what is inside of them is
// put into what is around. Of spans that wrap the call of a model only the call counts, so tokens are counted once however often they are repeated, and so does a
// call that two instrumentations tell of, in one trace or in two.
//
// The dialects are those of OpenTelemetry's GenAI conventions, current and deprecated, OpenInference, OpenLLMetry, the Vercel AI SDK, Langfuse, LangSmith, Laminar,
// Mastra, Genkit, Google ADK, Strands, MCP, MLflow, Logfire and Pydantic AI, LiveKit, Semantic Kernel, Spring AI, Braintrust, and smaller ones. Attributes without a field
// of their own are kept: as metadata where they are names, ids, kinds or counts, else with the content, which sentrial.WithContent and WithoutContent withhold. Those that
// are named as keys, passwords or headers are dropped.
//
// # Sessions
//
// The session is, the best first: that of the client in the context of the span (CreateSession, Extract, sentrial.session_id in the baggage), which is neither opened
// nor ended by spans; one that the span, the nearest one around it or any of its trace names by an attribute (WithSessionKeys); one that the baggage names by such a
// key; else trace_ and the trace's id. A session of a trace ends with the root of the trace. One with an id of its own may span many traces: it ends after a while
// without spans (WithSessionIdle), by CloseSession or by Shutdown. Whoever may write the baggage of requests chooses the session, so take baggage from those you trust.
//
// A root that is no GenAI span opens a session only when there is one in it: a handler with an agent has a session named after the agent, a health check has none.
//
// # Delivery
//
// OnEnd and ExportSpans hand spans to a goroutine of the bridge's and wait for nothing. Spans are held until the root of their trace has ended and a moment has
// passed, or for some seconds where it goes on (WithTraceWait); the client's Flush and Close, ForceFlush and Shutdown record what there is. Spans that come later are
// put where they belong. Ids of events are made of trace and span ids, so the same spans exported again, also by another process, add nothing.
//
// Nothing is lost silently. Spans that find no room (WithTraceBuffer) are counted in the client's Stats.Refused as sentrial.DropOverflow, those that come after the
// client's Close or Shutdown as sentrial.DropClosed, those without ids and those that cannot be read as sentrial.DropInvalid; OnDrop hears of all but DropClosed. What the
// OpenTelemetry SDK drops itself we cannot count: its batch processor loses spans when its queue is full (WithMaxQueueSize, 2048 by default) or its export takes too
// long (WithExportTimeout), and never tries a failed export again; spans lose attributes and events beyond 128 (sdktrace.WithRawSpanLimits), which long conversations
// in numbered attributes reach: events made of such spans have truncated=true in their metadata.
//
// # Both ways at once
//
// One TracerProvider may have a SpanProcessor of this package and get the spans of WithSpans too. Nothing goes round in circles, and nothing is there twice: spans that
// the SDK made of its own events (sentrial.source=sdk) are not taken back in, events that were made of spans become no spans, and the requests that the client itself
// makes, where its HTTP client is instrumented, neither become events nor open sessions. A call that a helper (sentrial.LLM, StartTool and so on) and an
// instrumentation inside it both see is one event with what each of them knows; it is two spans, one inside the other, as the instrumentation makes its own in any case.
// The same holds for metrics: those that an instrumentation measures are not left out of WithMetrics, only their scope differs.
//
// # Shutdown
//
// Every order is safe: nothing hangs, panics or is recorded twice, and what comes too late is refused and counted. These orders lose nothing:
//
//   - In, by NewSpanProcessor or NewExporter: shut the TracerProvider down, then close the client.
//   - Out, by WithSpans or WithMetrics: close the client, which ends the spans that are open, then shut the providers down.
//   - Both ways by one TracerProvider: close the client, then shut the provider down. NewSpanProcessor holds no span back from a client that is closed; before a
//     NewExporter behind a batch processor, flush the TracerProvider first.
//
// Closing the client records all spans that had ended, but for those that a batch processor still holds; they are refused then, and the export returns an error that
// wraps sentrial.ErrClosed. TracerProvider.ForceFlush reaches a SpanProcessor of this package, and waits until its events are delivered; of an exporter it calls neither
// ForceFlush nor Shutdown, so flush the provider, then the client. Shutdown ends the sessions that have an id of their own; one that is the trace of a run that goes on
// has no end.
//
// # Limits
//
//   - A span arrives when it ends. Of a run that goes on the calls that are over are seen, and the session.
//   - An unended span is not recorded, and a span that is not sampled only with WithUnsampledSpans.
//   - Where a second instrumentation tells of a call in a trace of its own, later than the first one's trace was recorded, the call is there twice.
//   - A call of a helper that ends before the span inside it is there twice, once from each.
//   - Content that is sent as log records is not seen: there is no bridge of the logs SDK. The server joins what comes over OTLP.
package otelbridge
