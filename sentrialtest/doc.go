// Package sentrialtest is for tests of agents, in go test: what the agent did is recorded without a server, and the test says what it should have done.
//
//	func TestWeather(t *testing.T) {
//		rec := sentrialtest.New(t)
//		answer(t.Context(), rec.Client(), "What is the weather in Oslo?")
//		rec.WantTools("geocode", "forecast")
//		rec.WantToolInputs("geocode", "Oslo")
//		rec.WantWithin(sentrialtest.Budget{USD: 0.01, LLMCalls: 3})
//		rec.WantStatus(types.StatusSuccess)
//	}
//
// The client is a real one, with its batcher and its transport; only the server is this package's. New needs no network and does not read the environment.
// Server is New with a real listener, for agents in other processes.
//
// # Reading and asserting
//
// Events, Sessions, ToolCalls, LLMCalls, Decisions and Errors give what was recorded, Timeline draws it. The methods that begin with Want, and Golden, fail the
// test without ending it, and show the timeline. Each method waits first until everything that this recorder's client recorded so far has arrived. In gives a
// recorder of what happened inside a step, a tool call or a session, with the same methods.
//
// # What fails a test by itself
//
// When the test ends its client is closed, and the test fails if events were lost, spans never ended, helpers called with no session in their context, or
// events not delivered. Allow is for tests that mean it. A session that nobody closed is not among them, because another process may close it: WantStatus
// tells.
//
// # Parallel tests and time
//
// Recorders share nothing: any number of them may be at work at once. They work in testing/synctest bubbles, where time stamps and durations are exact. A
// recorder made before the bubble may be used in it too. A Server has to be made, and used, outside: a bubble's clock stands still while it waits for a
// network.
//
// # Golden files
//
// Golden files are rewritten by go test -update or SENTRIALTEST_UPDATE=1. A flag update that the test's own package defines is used, else this package
// defines it. The variable wins over the flag.
package sentrialtest
