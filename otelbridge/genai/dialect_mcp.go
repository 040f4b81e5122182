package genai

import (
	"slices"
	"strings"
)

// The Model Context Protocol, as the conventions have it and as instrumentations wrote it before: SDKs of the protocol, FastMCP, Sentry, OpenLLMetry.
// mcp.session.id is a connection's, and no session of an agent.
var _ = newDialect(dialect{
	name: "mcp", rank: 97, turn: 90,
	keys: []keyed{
		{"rpc.response.status_code", fieldFact},
		{"rpc.jsonrpc.error_code", fieldFact},
		{"rpc.jsonrpc.error_message", fieldErrorMessage},
		{"network.transport", fieldFact},
		{"network.protocol.name", fieldFact},
		{"mcp.tool.name", fieldToolName},
		{"mcp.request.argument", fieldToolInput},
		{"mcp.tool.result.content", fieldToolOutput},
		{"mcp.response.value", fieldToolOutput},
		{"mcp.error.message", fieldErrorMessage},
	},
	common:   []string{"rpc.response.status_code", "rpc.jsonrpc.error_code", "rpc.jsonrpc.error_message", "network.transport", "network.protocol.name"},
	families: []string{"mcp.request.argument.", "mcp.", "fastmcp."},
	facts:    []string{"mcp.method.name", "jsonrpc.request.id", "jsonrpc.protocol.version"},
	kind:     kindOfMCP,
	read:     readMCP,
})

const mcpMethod = "mcp.method.name"

// kindOfMCP: of all that is asked of a server only calls of tools are events of their own.
func kindOfMCP(r *reading) (kind, string) {
	switch r.word(mcpMethod) {
	case "":
		return kindOther, ""
	case "tools/call":
		return kindTool, r.saysFact(mcpMethod)
	}
	return kindChain, r.saysFact(mcpMethod)
}

func readMCP(r *reading, d *dialect) {
	arguments := make(map[string]any)
	for _, a := range r.family("mcp.request.argument.") {
		arguments[a.Key] = spelled(a.Value)
	}
	if len(arguments) > 0 {
		r.give(d, 100, fieldToolInput, "mcp.request.argument.*", arguments)
	}
	for _, prefix := range []string{"mcp.", "fastmcp."} {
		for _, a := range r.family(prefix) {
			if mcpSays(a.Key) {
				r.leave(prefix+a.Key, a.Value)
			} else {
				r.fact(prefix+a.Key, a.Value)
			}
		}
	}
	if r.word(mcpMethod) != "tools/call" {
		return
	}
	if _, name, ok := strings.Cut(r.span.Name, "tools/call "); ok {
		r.give(d, 101, fieldToolName, "the span's name", name)
	}
	readMCPFailure(r, d)
}

// mcpSays tells what may be content by the words in its name. Counts and flags of it are facts.
func mcpSays(name string) bool {
	words := strings.FieldsFunc(name, func(c rune) bool { return c == '.' || c == '_' })
	if n := len(words); n > 0 && slices.Contains(mcpFacts, words[n-1]) {
		return false
	}
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(mcpContent, word) })
}

var mcpFacts = []string{"count", "error", "role", "type", "level", "id", "name"}

var mcpContent = []string{"content", "message", "argument", "arguments", "result", "params", "value", "data", "body", "text", "description", "input", "output"}

// readMCPFailure: an error of the protocol is written as its code, 0 being none; one of the tool is in what it answered, which is looked at for tools of every dialect.
func readMCPFailure(r *reading, d *dialect) {
	if boolOf(r.facts["mcp.tool.result.is_error"]) {
		r.fail(d, "mcp.tool.result.is_error")
	}
	for _, key := range []string{"rpc.response.status_code", "rpc.jsonrpc.error_code"} {
		switch code := wordOf(r.facts[key]); code {
		case "", "0", "OK", "ok":
		default:
			r.give(d, 111, fieldErrorType, key, code)
		}
	}
}
