// Package anthropic records the calls that a program makes with Anthropic's own client, github.com/anthropics/anthropic-sdk-go. One option is enough:
//
//	model := anthropic.NewClient(sentrialanthropic.WithTracking(client))
//
// Each message asked for in the context of a session is then one LLM call of that session: what was asked, what was answered, streamed or not, thinking, the
// tools that the model wants used, tokens of all classes with those read from and written to the cache, parameters, time to first token, errors, and how often the
// request was sent. Requests and answers pass unchanged. A call in a context without a session is recorded into that of WithSession, or not at all; Stats counts
// those as Unsessioned.
//
// The option may be given to anthropic.NewClient or to a single call; where both have it the call is recorded once.
package anthropic
