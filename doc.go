// Package sentrial records what an AI agent does (LLM calls, tool calls, decisions, errors) and delivers it to a Sentrial server: the hosted API, or `sentrial
// serve` on this machine. It is made to be embedded in agents that have better things to do: recording costs about a microsecond, never blocks, never fails
// and never changes what the agent does.
//
// # A first look
//
//	client, err := sentrial.New() // reads SENTRIAL_API_KEY and the like
//	if err != nil {
//		return err
//	}
//	defer client.Close(context.Background())
//
//	err = client.Run(ctx, "answer a question", func(ctx context.Context) error {
//		page, err := sentrial.Tool(ctx, "search", question, search) // search is a func(context.Context, string) (Page, error)
//		...
//	})
//
// # Sessions and events
//
// A session is one run of an agent. Client.CreateSession opens one and puts it in a context, Client.Run does so around a function. Under that context the
// helpers of an agent loop record events: Tool, WrapTool, LLM, Step, StepValue, Decide, ReportError, Recover. StartTool, StartLLM and StartStep are for what
// begins here and ends elsewhere, such as streams. Session.TrackToolCall and its siblings record what is over already. What happens inside a helper or a span
// nests below it. Inject and Client.Extract carry a session to another process; Client.Record takes events that have their ids and times already.
//
// # What you can rely on
//
// Recording gives an id and no error: telemetry must never give an agent a reason to stop. It ignores the cancellation of its context, waits for nothing
// (except under the overflow policy Block or WithSpoolSync(0), up to 10 ms for a MarshalJSON of the program's own, and up to half a second for a file of the spool when the disk
// is slower than the program) and never panics: a value that has no JSON form is replaced by a marker, {"$omitted": reason}. What is recorded is
// a snapshot: maps and slices may be changed as soon as the call returns.
//
// The id is empty if and only if the event was not accepted. Every accepted event reaches the server exactly once, or is counted in Stats.Dropped under a reason,
// logged once a cause, and handed to the function of WithOnDrop. At any moment
//
//	Accepted + Recovered == Delivered + sum(Dropped) + Queued
//
// Failed requests are made again for as long as the queue holds the events, with growing delays, never sooner than the server asked; while the server is down one
// request asks and everything else waits. A slow server gets up to eight requests at a time. An event that the server refuses, or fails at, costs itself and no
// other. Redirects are not followed. docs/faults.md of the repository lists each fault with what holds under it. An event is at most 1 MiB: beyond it the bulkiest content is cut, with its length and hash left in its place.
//
// Keys and contents never appear in errors or log lines.
//
// # Two wires
//
// The batch protocol takes many events a request and knows them by their ids, so that whatever is sent again is stored once. The hosted API takes one resource a
// request and makes the ids itself. There a session is created before its events are sent, its events follow one by one, an LLM call travels as the call of a tool
// named llm:PROVIDER:MODEL, and what that API has no field for rides in the metadata. An event whose reply was lost after the request may have been read is not sent
// again: it is counted as DropUncertain. Sessions cannot be read back or handed to another process, and open spans are not announced. docs/hosted-wire.md of the
// repository has the details.
//
// ProtocolAuto, the default, speaks batches toward this machine, and toward any URL that ever acknowledged one. Elsewhere, where the answer is none of that
// protocol, it asks the server's /healthz; if that does not name batches it tries the hosted protocol, and keeps to it once it was understood. It asks again at most every
// ten minutes.
//
// # When the process dies
//
// What waits in memory dies with it. With WithSpool the queue is in files, without a system call per event: an event whose call has returned survives a panic, os.Exit and
// kill -9, and the next client with that directory delivers it, as Recovered. Close leaves there what it could not deliver. docs/spool.md of the repository says what a
// power cut takes, what it costs, and what is not promised.
//
// # What is recorded
//
// Everything, unless you say otherwise. WithRedactor sees every event before it reaches a buffer and takes out what must not leave the process. WithContent
// leaves the contents of events away, or sends their hashes, and keeps the facts: for all of a client, for a session, or for one step and what is inside it.
// WithSampleRate records a share of the sessions, each as a whole or not at all; their ids decide, so that processes agree.
//
// What an LLM call cost is estimated, by package pricing, where the program does not say and the table knows the model and the call reports its tokens. Such a cost is marked in the event's
// metadata; one that is not known is left out, never 0. WithPrices sets another table, or none.
//
// # Lifecycle
//
// New starts two goroutines: one decides what is sent, one calls OnDrop and the logger. A spool has another one, or two with WithSpoolSync. Each request under way has
// one too. Events leave when 512 KiB have gathered or the first of them is one second old.
// Client.Flush waits for delivery, Client.Close flushes and stops; both take a context and use 10 s when it has no deadline. Their error, an *IncompleteError,
// has the counts. After Close no goroutine is left, unless the program's own HTTP client or OnDrop hangs. A span that nobody ended is sent at Close with
// status unknown and abandoned = true in its metadata; one that is open for more than two seconds is also sent while it runs, so that a viewer can show it.
//
// Without an API key, toward anything but this machine, the client is made all the same, says so once in the log, and records nothing. A nil *Client and a nil
// *Session do the same in silence.
//
// # Environment
//
// Options win over variables, variables over defaults. A value that cannot be used makes New fail with an *OptionError that names the variable. Durations are Go
// durations; a bare number is seconds.
//
//	SENTRIAL_API_KEY         the bearer key; not needed toward this machine
//	SENTRIAL_PROJECT_ID      the project, before SENTRIAL_PROJECT; default: the key's
//	SENTRIAL_API_URL         https://api.realm.ai
//	SENTRIAL_TIMEOUT         30s, of one request
//	SENTRIAL_MAX_RETRIES     3, then the batch goes back to the front of the queue
//	SENTRIAL_FLUSH_INTERVAL  1s
//	SENTRIAL_BATCH_BYTES     524288
//	SENTRIAL_QUEUE_BYTES     67108864
//	SENTRIAL_OVERFLOW        drop_oldest, drop_newest, degrade or block
//	SENTRIAL_SPOOL_DIR       a directory: the queue is in files there, and outlives the process
//	SENTRIAL_SPOOL_SYNC      how often they are carried to the disk; 0 is at every event. Default: when the system likes
//	SENTRIAL_CONTENT         full, hashed or metadata: what becomes of content
//	SENTRIAL_SAMPLE_RATE     1, the share of sessions that are recorded
//	SENTRIAL_PRICES          a file of prices, laid over those that are built in; off estimates no costs
//	SENTRIAL_COMPRESSION     auto (none toward this machine, else gzip, zstd if announced), none, gzip or zstd
//	SENTRIAL_PROTOCOL        auto, batch or hosted
//	SENTRIAL_SERVICE         name of the program, in every batch
//	SENTRIAL_RELEASE         its version
//	SENTRIAL_ENVIRONMENT     where it runs
//	SENTRIAL_LOG             debug, info, warn (the default) or off
//	SENTRIAL_DISABLED        true: record nothing, silently
//
// Options whose value is code have no variable: WithTokenSource, WithHTTPClient, WithLogger, WithOnDrop, WithRedactor, WithHook. WithCloseTimeout has none either.
//
// # Other packages
//
// Package types declares what travels; package sentrialtest records an agent's events for go test; package otelbridge turns OpenTelemetry GenAI spans
// into events.
package sentrial
