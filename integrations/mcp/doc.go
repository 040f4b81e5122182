// Package mcp records the tool calls of the Model Context Protocol, as github.com/modelcontextprotocol/go-sdk makes and serves them. One line on each side:
//
//	agent.AddSendingMiddleware(sentrialmcp.ClientMiddleware(client))    // an *mcp.Client
//	server.AddReceivingMiddleware(sentrialmcp.ServerMiddleware(client)) // an *mcp.Server
//
// Each tools/call is one tool call, with its name, arguments, result or error, and how long it took. Text and structured content are recorded as they are; of
// images, audio and blobs only kind and size. Results, errors and the caller's own params stay as they are; other methods pass by.
//
// # Both sides
//
// The client's side is the event. It says in the request's _meta which session and which event that is, together with the OpenTelemetry trace, and the server's side
// then records no second one: what the tool does there nests under the client's event, in the same session, whatever process it is in. A call from a client that
// does not record is an event of the server's own.
//
// The session of a call is the context's, else that of [WithSession]. On a server it is first of all the one that the request names.
//
// # Trust
//
// Whoever writes a _meta chooses the session that is written to. A server therefore reads it where the sender is the program that started it, or is in the same
// process: over standard input and output, or in memory. What comes over HTTP is read only [WithTrustedMeta], which is for clients that the program
// authenticates and trusts. Toward servers of others, [WithoutMeta] keeps a client from telling them ids and baggage.
package mcp
