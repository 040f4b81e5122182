// Package otelbridge makes the GenAI spans of OpenTelemetry visible in Sentrial: an agent that is instrumented already needs one line.
//
//	tp := sdktrace.NewTracerProvider(sdktrace.WithBatcher(otelbridge.NewExporter(client)))
//
// The exporter goes beside any other that the program has. End the spans, shut the TracerProvider down, then close the client.
//
// # What becomes of a span
//
// Spans are read by OpenTelemetry's GenAI conventions as they stand, that is by gen_ai.operation.name:
//
//	chat, text_completion, generate_content, embeddings   llm_call
//	execute_tool                                          tool_call
//	invoke_agent, as a local root                         session_start and session_end
//	invoke_agent, inside another span                     step of kind agent
//
// Other spans (HTTP, databases, other GenAI operations) are no events. The root of a trace, whatever it is, opens and ends the session when there is such a span
// in it; so an agent behind an HTTP handler has a session named after the agent, and a health check has none. A root whose parent is in another process does so
// only around an agent: a model or a tool that is called from elsewhere is part of the caller's session. Spans that carry sentrial.source=sdk are made of events
// that the SDK recorded itself, and are left out.
//
// Of a call of a model: models asked for and served, provider, response id, token counts with the cached, cache-writing and reasoning ones (zero means not
// reported), all gen_ai.request.* as parameters, finish reason, time to the first chunk, system instructions and messages, tool definitions. Of a tool: name,
// call id, arguments, result. Of an agent: name, version, user, conversation, what it was asked and answered. Structured values may be JSON in a text, or real
// lists and maps where the attribute package has them; JSON is taken for the value it spells, another text stays a text, and messages of an unknown form are kept
// whole as text. Attributes that have no field are kept in the event's metadata where the conventions make them facts: names, ids, kinds, counts of tokens, the
// server's address. All others, those of other dialects for example, may hold what somebody said, and are kept together in the event's member attributes, as
// content: sentrial.WithContent withholds it like any other.
//
// The session is the one that sentrial.session.id, session.id or gen_ai.conversation.id names (WithSessionKeys), on the span, the nearest one around it, or any
// of the trace; else trace_ and the trace id.
//
// # Errors
//
// A span failed if its status is Error, or error.type is set and the status is not Ok. Its event has the status error; the innermost span that failed also gives
// one error event, with the exception noted on it. The spans around it, on which the same failure is reported again, give none.
//
// # Delivery
//
// Ids are made of trace and span ids, so the same spans exported again add nothing, whatever process sends them. ExportSpans hands the events to the client's
// queue and never waits for the network. What the queue then loses is in the client's Stats. The OpenTelemetry SDK drops spans of its own when its queue is full
// (WithMaxQueueSize), or attributes beyond its limits; an event made of a span with such a loss has truncated=true in its metadata.
//
// # Limits
//
//   - A span arrives when it ends, those inside it first. Nothing is held back to wait for the others, so what the exporter concludes from a span's surroundings
//     it concludes from what came before, of which it remembers some thousand traces, and from the same batch.
//   - A child names its parent's event unseen. If a span in between becomes no event, it is passed over when it is in the same batch; else the child's parent_id
//     names an event that does not exist, and the child stands at the session's top level.
//   - A session id that only spans ending late name comes too late for what was recorded before under the trace's id. A session_alias event then joins the two. Put
//     the id on every GenAI span, as the conventions have it, or keep runs shorter than the batch processor's delay.
//   - An error of the outer span that arrives before the failed inner one is recorded for both.
//   - A session that spans several traces ends with the first root that ends. Later events are stored all the same.
//   - Only current names are read, deprecated ones and other dialects are not. Content that is sent as log records is not seen. Token counts on an agent's span are
//     not added up: they repeat those of its calls.
package otelbridge
