// Package openai records the calls that a program makes with OpenAI's own client, github.com/openai/openai-go/v3. One option is enough:
//
//	model := openai.NewClient(sentrialopenai.WithTracking(client))
//
// Each chat completion, response and embedding made in the context of a session is then one LLM call of that session: what was asked, what was answered, streamed
// or not, the tools that the model wants called, tokens of all classes, parameters, time to first token, errors, and how often the request was sent. Requests and
// answers pass unchanged. A call in a context without a session is recorded into that of WithSession, or not at all; Stats counts those as Unsessioned.
//
// A streamed chat completion tells its tokens only to who asks: see [WithStreamUsage].
//
// The option may be given to openai.NewClient or to a single call; where both have it the call is recorded once. Older majors of the client take the middleware of
// package httptap by their own option.WithMiddleware.
package openai
