// Package genai records the calls that a program makes with Google's own client, google.golang.org/genai, of the Gemini API or Vertex AI. One line is enough:
//
//	model, err := sentrialgenai.NewClient(ctx, client, &genai.ClientConfig{APIKey: key}) // instead of genai.NewClient(ctx, ...)
//
// Each generateContent, streamed or not, and each embedding made in the context of a session is then one LLM call of that session: what was asked, what was
// answered, thoughts, the functions that the model wants called, tokens of all classes, parameters, time to first token, errors, and how often the request was sent.
// Requests and answers pass unchanged; keys are not recorded. A call in a context without a session is recorded into that of WithSession, or not at all; Stats
// counts those as Unsessioned. Live sessions are web sockets and not recorded.
package genai
