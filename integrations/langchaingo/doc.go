// Package langchaingo records agents that are built with github.com/tmc/langchaingo: a callback handler for what the framework tells, and wrappers of a model and of
// a tool for what it does not.
//
//	handler := langchaingo.NewHandler(client)
//	model := langchaingo.WrapModel(llm, client)
//	search := langchaingo.WrapTool(searchTool, client)
//	agent := agents.NewOneShotAgent(model, []tools.Tool{search}, agents.WithCallbacksHandler(handler))
//	executor := agents.NewExecutor(agent, agents.WithCallbacksHandler(handler))
//	answer, err := chains.Run(ctx, executor, question) // ctx from client.Run or CreateSession
//
// Chains become steps, what the agent decides becomes decisions, and calls of models and tools what they are. The session is the context's, else that of
// [WithSession]; without either nothing is recorded, and that is counted in Stats.Unsessioned.
//
// The three may be used together or alone, and together with package httptap in the HTTP client of the model: one call is one event. The handler alone
// knows neither the model's name nor, for providers that never say that a call is over, the answer; see the README.
//
// Nothing here fails, panics or changes what the framework does. It waits for nothing but the writer of [WithVerbose].
package langchaingo
