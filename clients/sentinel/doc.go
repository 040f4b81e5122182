// Package sentinel is a client of Sentinel: it uploads documents, waits until they are processed, and asks about them in a chat.
//
//	client, err := sentinel.New("https://sentinel.example", sentinel.WithAccessToken(token))
//	doc, err := client.Documents.UploadFile(ctx, "cas.pdf")
//	_, err = client.Documents.Wait(ctx, doc.ID)
//	answer, err := client.Chat.Send(ctx, "session-1", "Which funds are in it?")
//
// Every method takes a context first, waits no longer than that, and is safe for concurrent use.
//
// # Recording
//
// When a session of package sentrial is in the context each call is recorded in it as a tool call: sentinel.documents.upload, sentinel.documents.get,
// sentinel.documents.wait and sentinel.chat.send. Of a document its name, size and content type are recorded, never its content. A chat's message and its answer
// are, as input and output: content modes and redaction apply to them as to every tool call. Without a session nothing is recorded.
//
// # What is tried again
//
// 429, 500, 502, 503 and 504, after 1 s, 2 s and 4 s (and up to half as much again, so that clients do not come back together), never sooner than Retry-After
// says, of which at most five minutes count: four attempts in all. No other status is. A connection that could not be made, or broke before the request had left as a whole, is tried again too. A reply
// that did not come, or is not understood, is asked for again only where that does no harm, for [Documents.Get] and [Documents.Wait]: Sentinel knows no
// idempotency keys, and would take a document or a message twice. Such an error says so: its Uncertain is true.
//
// An upload is tried again only if its content is an [io.Seeker], from the position that it had at the call.
//
// A 401 drops the token and asks the source of [WithTokenSource] once for another.
//
// # Errors
//
// A status that is no success is an *[APIError]; 401 and 403 are also an *[AuthError], 429 also a *[RateLimitError]. No reply is a *[NetworkError], one that is not
// understood a *[ReplyError], a document that could not be processed a *[ProcessingError]. They say how many attempts were made. No error, and no event, has a
// token in it.
package sentinel
