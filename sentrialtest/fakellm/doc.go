// Package fakellm is a server on this machine that speaks the wires of the providers of models, for tests and examples of agents: the client under
// test is the real one, its base URL is this server's, and a function of the test's own answers in the place of a model.
//
//	llm, err := fakellm.Start(fakellm.WithBrain(func(req fakellm.Request) fakellm.Reply {
//		return fakellm.Reply{Text: "It rains in Zürich."}
//	}))
//
// It is no model and says so: in the header X-Fakellm of every reply, and in the text of [Canned], which answers when no brain is given.
//
// # What it speaks
//
//	POST …/chat/completions             OpenAI, Azure OpenAI and all that is compatible; also as a stream
//	POST …/responses                    OpenAI; also as a stream
//	POST …/embeddings                   OpenAI
//	POST …/v1/messages                  Anthropic; also as a stream
//	POST …/models/NAME:generateContent  Google, the Gemini API and Vertex AI
//	POST …:streamGenerateContent        the same as a stream, always as server-sent events
//	POST …:embedContent, …:batchEmbedContents
//	POST …/api/chat, …/api/embed        Ollama; chat as a stream unless asked not to
//	GET  …/models, /api/tags, /api/version
//
// Any key is accepted. Whatever else is asked has the 404 of the provider whose path or header it looks like.
//
// # Faults
//
// A [Reply] may be an error with the provider's body, break off, hang, or wait for the test in the middle of a stream. [Request].Attempt says how
// often the same body came, so that a brain fails the first time and answers the second. A stream's characters of more than one byte go out in two
// writes, as a network may deliver them.
package fakellm
