// Package faultsink is an ingestion server for tests that misbehaves as it is told, and counts what came of it: what was stored once, twice or never, in which
// order, which requests came too early, and whether anything leaked.
//
// A plan says in one place what each request gets. It is a list of rules; the first that has a step for a request decides, and what no rule speaks of is
// accepted:
//
//	sink := faultsink.New(
//		faultsink.Sequence(faultsink.Status(500), faultsink.LoseReply), // the first request this, the second that
//		faultsink.When(faultsink.Within(0, 30*time.Second), faultsink.Reset), // an outage that begins with the first request
//		faultsink.When(faultsink.Chance(0.2, 1), faultsink.Status(503)), // one in five, the same ones every time
//		faultsink.When(faultsink.Holding("poison"), faultsink.Status(400)), // any batch with that text in an event
//		faultsink.Limit(faultsink.Limits{Events: 100}), // 413 above it
//	)
//
// In a synctest bubble the sink is served by internal/memhttp, and all times are the bubble's:
//
//	synctest.Test(t, func(t *testing.T) {
//		sink := faultsink.New(faultsink.Times(3, faultsink.Status(429, faultsink.RetryAfter(2*time.Second))))
//		server := memhttp.New(t, sink)
//		client := newClient(t, server.Transport(), sentrial.WithAPIURL(server.URL()))
//		ids := record(t, client, 1000)
//		if err := client.Flush(t.Context()); err != nil {
//			t.Error(err)
//		}
//		if err := sink.Report().Check(ids); err != nil {
//			t.Error(err)
//		}
//	})
//
// On real sockets [Start] and [StartTLS] (HTTP/2) serve it on 127.0.0.1; the [Server] goes down and up again on the same port. A [Gate] before a transport does
// the same where there are no ports:
//
//	server := faultsink.Start(t, sink)
//	client, err := sentrial.New(sentrial.WithAPIURL(server.URL()))
//	server.Down() // connections are cut, new ones refused
//	err = server.Up()
//
// # The hosted wire
//
// [New] makes a server of the batch protocol, [NewHosted] one of the hosted API, which knows neither batches nor ids nor idempotency: it makes the ids of sessions
// itself and stores an event as often as it comes. Its requests are an Exchange each, with one [Event] that has the id, the type and the session that the SDK put
// into the metadata. Plans are the same; [Creating], [Recording] and [Ending] choose by what a request wants:
//
//	sink := faultsink.NewHosted(
//		faultsink.When(faultsink.All(faultsink.Creating, faultsink.Chance(0.2, 1)), faultsink.LoseReply), // one session in five is made twice
//		faultsink.When(faultsink.Recording, faultsink.Status(503)),
//	)
//
// [Sink.Speak] changes what a sink understands while it runs, [Sink.Announce] what its /healthz says, and [Sink.Everywhere] puts something else before all of it.
//
// # Plans
//
// Rules: [Sequence], [Times], [Always], [When], [Limit] (413), [Authorize] (401 unless the bearer is the current [Token]). Conditions: [Chance], [Within],
// [WithinUptime], [Holding], [MoreThan], [Creating], [Recording], [Ending], [Not], [All]. A rule and a condition are functions of an [Exchange], so a test adds its own.
//
// Steps that store the batch: [Accept], [CommitThen] with any other step (`CommitThen(Status(504))`), [LoseReply], [Reject] (a part of it, with retry or without),
// [MultiStatus] and [Results] (207; not on the hosted wire), [CreateAs]. Steps that do not: [Status], [Reset], [ResetAfterBody], [Hang], [HangUnread], [Answer], [Garbage], [Portal], [Endless],
// [Redirect], [RedirectPort], [RedirectHere]. Steps around steps: [With] (headers: [RetryAfter], [RetryAfterDate], [Set]), [Slowly], [ReadSlowly], [Cut], and
// [Then] with [Wait], [ReadBody] or [Commit] before the one that answers.
//
// # What is stored
//
// The sink keeps an event once per id, for ever, as the real server does; a final event replaces the copy that said running. Events count as seen when a body was
// read, also if the step then answers 503. [Sink.Watch] names texts that must be seen nowhere but in the Authorization header; requests that follow a redirect are caught
// and counted. [Report.Check] is the judge of it all, and the other methods and fields of [Report] have the single counts.
//
// net/http repeats a request by itself, at once, when a connection that was used before breaks without a reply and the request has an Idempotency-Key: a sink can
// see one request more than the client under test counts.
package faultsink
