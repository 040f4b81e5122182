package mcpgo

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// Names in the metadata of a call: OpenTelemetry's where it has one.
const (
	methodName      = "mcp.method.name"
	sessionID       = "mcp.session.id"
	protocolVersion = "mcp.protocol.version"
	serverName      = "mcp.server.name"
	clientName      = "mcp.client.name"
	resultType      = "mcp.result.type"
)

// aboutServer is what a client knows of the connection.
func (c *Client) aboutServer() map[string]any {
	about := map[string]any{methodName: string(mcp.MethodToolsCall)}
	if connected, ok := c.MCPClient.(interface{ GetSessionId() string }); ok {
		put(about, sessionID, connected.GetSessionId())
	}
	if init := c.server.Load(); init != nil {
		put(about, protocolVersion, init.ProtocolVersion)
		put(about, serverName, init.ServerInfo.Name)
	}
	return about
}

// aboutClient is what a server knows of the connection. Sessions that are no HTTP ones have made-up ids, which say nothing.
func aboutClient(ctx context.Context, request mcp.CallToolRequest) map[string]any {
	about := map[string]any{methodName: string(mcp.MethodToolsCall)}
	put(about, protocolVersion, server.RequestProtocolVersion(ctx))
	session := server.ClientSessionFromContext(ctx)
	if session != nil && fromAfar(ctx, request) {
		put(about, sessionID, session.SessionID())
	}
	if known, ok := session.(server.SessionWithClientInfo); ok {
		put(about, clientName, known.GetClientInfo().Name)
	}
	return about
}

func put(about map[string]any, name, value string) {
	if value != "" {
		about[name] = value
	}
}

// inputOf is what is recorded of arguments: as they came over the wire, where they did.
func inputOf(params *mcp.CallToolParams) any {
	if len(params.RawArguments) > 0 {
		return params.RawArguments
	}
	return params.Arguments
}
