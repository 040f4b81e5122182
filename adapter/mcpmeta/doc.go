// Package mcpmeta carries a session through the Model Context Protocol: in the _meta of a request, whatever transport it takes. It is for packages that record
// what an MCP library does, such as integrations/mcp and integrations/mcpgo, which understand each other because both use it. It knows no MCP library itself: a
// _meta is a map.
//
// The members are those that MCP reserves for tracing, traceparent, tracestate and baggage, and one of our own, [ToolCall]. A client that records a tools/call
// writes it, and a server that reads it need not record the call a second time: what its tool does nests under the event that the client has.
package mcpmeta
