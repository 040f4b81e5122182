// Package httptap records the calls of models that a program makes by HTTP, whatever library makes them. One line does it:
//
//	openai.NewClient(option.WithMiddleware(httptap.Middleware(client)))               // openai-go, anthropic-sdk-go
//	&http.Client{Transport: httptap.Transport(client, nil)}                           // genai, go-openai, Ollama, Azure, any other
//
// It knows OpenAI's chat completions, completions, responses and embeddings, Anthropic's messages, Gemini's generateContent and embeddings (also on Vertex AI), and
// Ollama's chat, generate and embed. It knows them by the end of the path, so that gateways and compatible servers are recorded too. All other requests pass at the
// cost of a look at the path.
//
// # What is recorded
//
// Each call becomes an llm_call event in the session of the request's context, else in that of [WithSession]. Without any it is not recorded, and counted in
// Stats.Unsessioned. The event has
//
//   - the models asked and answering, the provider, parameters, the tools offered;
//   - the conversation and the answer: text, reasoning, calls of tools; whole or streamed, as JSON, server-sent events or lines of JSON;
//   - tokens, cached and reasoning ones too, finish reason, the provider's id of the answer;
//   - how long it took, of a stream the time to its first token, and how often it was sent;
//   - what went wrong, in the provider's words;
//   - in its metadata the wire, server.address, http.status_code and request_id.
//
// Headers and URLs are never recorded, and with them keys. Where an error text repeats a key of its request, [hidden] stands in its place. So it does for the keys of
// services that the provider itself is to call as tools; of their URLs the host is left.
//
// OpenAI's chat completions, and most servers compatible with them, tell the tokens of a stream only if stream_options.include_usage asks for that. Nothing is added to
// a request, so without it they are unknown.
//
// Of a request and of its reply 1 MiB of content each is recorded ([WithCaptureLimit]). Of longer ones it is the beginning, and the metadata have request_cut or
// reply_cut. Facts, such as tokens, are read to the end. What of all this leaves the process is up to the client: its content mode and its redactor.
//
// # The program comes first
//
// A reply reaches its reader as it comes: each Read gives what the one below gave, bytes and error, and is looked at beside that, in the goroutine that reads. Nothing
// is read ahead, held back or added. A reply that switches protocols is left alone.
//
// The request that is passed on is a copy of the program's with another context. Its body is read from a copy that GetBody makes; a body without GetBody is looked at
// while it is sent.
//
// A mistake of this package ends its reading and is counted in Stats.Refused; the program goes on. What was read is let go of as soon as the call is recorded, however
// long the program keeps the reply.
//
// Replies that net/http decompresses are read decompressed. Where a program asks for gzip or deflate itself, a copy of up to 1 MiB is decompressed when the reply is
// over, without a time to the first token. Of other encodings only the facts outside of the body are known.
//
// # When a call ends
//
// A call ends with its reply: at the stream's own end ([DONE], message_stop, done: true), at the end of the body or its failure, at Close, or when the context
// ends. One that is closed or left before its end is cancelled, with partial = true in the metadata if anything had come. One that breaks off is an error. If none of
// these happens, because a program forgets the reply, the client's Close records the call as abandoned.
//
// # Tries
//
// Client libraries send a request again after a failure that may pass: no reply, or status 408, 409, 429 or 5xx, unless the header x-should-retry says otherwise. All
// tries of a call are one event, with their number in attempts.
//
// For that, such a failure waits for the next try: for 15 s beyond what Retry-After asks for. A request continues the call if it has the same body, goes to the same
// place and belongs to the same session and event. Where several equal calls wait, X-Stainless-Retry-Count tells which one it is (0 is a new call); clients that do not
// send that header are told apart by their goroutines. A body without GetBody is not compared: each try is an event of its own.
//
// When no try follows, the call is recorded as the failure that it was, with the time to its last reply. That is so after the wait, when the client is flushed or
// closed, and, in a Middleware, when the context ends. At most 1,000 calls of a client wait, and 64 MiB of what was asked in them; further ones are recorded at once.
//
// Redirects that keep the body are tries, too, if they lead to a model.
//
// # Inside other recording
//
// Inside sentrial.LLM, sentrial.StartLLM, or the adapter of a framework, a call makes no event of its own but fills in the open one: tokens, answer, finish reason,
// tries. A stream that is read after the function given to sentrial.LLM has returned comes too late for its event and becomes one of its own, nested in it; for those
// there is sentrial.StartLLM.
//
// A request that passes several Middlewares and Transports is one call. A transport in between may ask another model, such as a guardrail: if that answer has another
// id, it is an event of its own, nested in the call.
package httptap
