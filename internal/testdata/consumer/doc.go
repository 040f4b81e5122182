// Package consumer uses the public API of sentrial the way outside programs do: a tool loop, sub-agents, a streamed model call, a worker in
// another process, a serverless handler. It is compiled as a module of its own, so nothing internal can leak into it.
package consumer
