package mcp

import (
	"bytes"
	"encoding/json"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Names in the metadata of a call: OpenTelemetry's where it has one.
const (
	methodName      = "mcp.method.name"
	sessionID       = "mcp.session.id"
	protocolVersion = "mcp.protocol.version"
	serverName      = "mcp.server.name"
	clientName      = "mcp.client.name"
	resultType      = "mcp.result.type"
	statusCode      = "rpc.response.status_code"
)

// aboutServer is what a client knows of the connection.
func aboutServer(session *mcp.ClientSession) map[string]any {
	about := map[string]any{methodName: callTool}
	if session == nil {
		return about
	}
	put(about, sessionID, session.ID())
	if init := session.InitializeResult(); init != nil {
		put(about, protocolVersion, init.ProtocolVersion)
		if init.ServerInfo != nil {
			put(about, serverName, init.ServerInfo.Name)
		}
	}
	return about
}

// aboutClient is what a server knows of the connection.
func aboutClient(session *mcp.ServerSession) map[string]any {
	about := map[string]any{methodName: callTool}
	if session == nil {
		return about
	}
	put(about, sessionID, session.ID())
	if init := session.InitializeParams(); init != nil {
		put(about, protocolVersion, init.ProtocolVersion)
		if init.ClientInfo != nil {
			put(about, clientName, init.ClientInfo.Name)
		}
	}
	return about
}

func put(about map[string]any, name, value string) {
	if value != "" {
		about[name] = value
	}
}

// inputOf is what is recorded of arguments: none for those that say nothing.
func inputOf(arguments any) any {
	if raw, ok := arguments.(json.RawMessage); ok && len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	return arguments
}
