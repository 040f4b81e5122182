// Package mcpgo records the tool calls of the Model Context Protocol, as github.com/mark3labs/mcp-go makes and serves them. One line on each side:
//
//	agent := mcpgo.WrapClient(agent, client)                                                            // a client.MCPClient
//	server.NewMCPServer("weather", "1", server.WithToolHandlerMiddleware(mcpgo.ToolMiddleware(client))) // a server
//
// Each call is one tool call, with its name, arguments, result or error, and how long it took. Text and structured content are recorded as they are; of images,
// audio and blobs only kind and size. Results, errors and the caller's own request stay as they are.
//
// The client's side is the event. It says in the request's _meta which session and which event that is, together with the OpenTelemetry trace, and the server's side
// then records no second one: what the tool does there nests under the client's event, in the same session, whatever process it is in. Package integrations/mcp,
// which is for the SDK of the protocol's authors, understands this one, and the other way round.
//
// The session of a call is the context's, else that of [WithSession]. On a server it is first of all the one that the request names.
//
// # Trust
//
// Whoever writes a _meta chooses the session that is written to. A server therefore reads it where the sender is the program that started it, or is in the same
// process: over standard input and output, or in memory. What comes over HTTP is read only [WithTrustedMeta], which is for clients that the program
// authenticates and trusts. Toward servers of others, [WithoutMeta] keeps a client from telling them ids and baggage.
//
// # What it does not see
//
// mcp-go asks its middleware only for tools that exist and for arguments that its schema validation passes: where the client does not record, calls of unknown
// tools are in no session. Where a tool asks an older client for input, mcp-go calls it twice, and a server alone records both.
package mcpgo
