// Package adapter is for packages that record what a framework or a client library does, such as those in integrations. It gives them what the helpers of package
// sentrial have: a call is recorded in the session of its context, under what happens around it, and whoever sees it, one call is one event.
//
// An adapter makes a [Recorder] and begins each call with [Recorder.LLM] or [Recorder.Tool]; for what the helpers record, such as steps and decisions, it gets their
// context from [Recorder.Session]:
//
//	ctx, call := recorder.LLM(ctx, types.LLMCall{Model: req.Model, Messages: messagesOf(req)})
//	reply, err := next(ctx, req)
//	if call.Recorded() {
//		call.OutputMessages, call.Usage = messagesOf(reply), usageOf(reply)
//	}
//	call.End(err)
//	return reply, err
//
// # One call, one event
//
// Several may see one call: a helper of the program around it, the adapter of a framework, the middleware of the client that sends it. The outermost opens the
// event; each of the others joins it, and at its end gives it what it knows. The program's own words count first. Of an LLM call those come next that were said
// nearest to the wire, which is where tokens, answers and finish reasons are known best; of a tool call those of the outermost. What comes after the event's end,
// and what was another call, because it has another id, becomes an event of its own, nested in the first.
//
// # Frameworks that tell less
//
// The three methods above are enough for whoever is called around a call and hands a context on. The rest is for frameworks that do not let one: [Recorder.Enter]
// where callbacks give no context back, with [Goroutine] to know which belong together; [Recorder.Follow] where nobody may tell of the end, with [LLM.Live] and
// [LLM.Told] to know whether there is something to end, and how it went; [Recorder.Apart] where two calls of a tool look like one.
//
// # What an adapter must not do
//
// Nothing here waits, fails or panics, and an adapter should keep to that: it returns what the call returned, unchanged, and reads streams beside the program and
// not in its place. Content modes, redaction, sampling and cost are the client's business: an adapter says what it saw.
package adapter
