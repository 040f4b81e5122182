package mcpgo

import (
	"encoding/json"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
)

// outputOf is what is recorded of a result: its structured content, unless there is more than a text that says the same; else a single text by itself, or all parts.
func outputOf(res *mcp.CallToolResult) any {
	structured := structuredOf(res)
	switch {
	case structured == nil && len(res.Content) == 0:
		return nil
	case structured == nil:
		return contentOf(res.Content)
	case len(res.Content) == 0 || repeated(res.Content):
		return structured
	}
	return map[string]any{"structuredContent": structured, "content": contentOf(res.Content)}
}

// structuredOf prefers the JSON that came over the wire.
func structuredOf(res *mcp.CallToolResult) any {
	if len(res.RawStructuredContent) > 0 {
		return res.RawStructuredContent
	}
	return res.StructuredContent
}

// repeated tells whether the content is the one text that MCP wants beside structured content, which says the same.
func repeated(content []mcp.Content) bool {
	text, ok := single(content)
	return ok && json.Valid([]byte(text))
}

func contentOf(content []mcp.Content) any {
	if text, ok := single(content); ok {
		return text
	}
	parts := make([]any, len(content))
	for i, c := range content {
		parts[i] = partOf(c)
	}
	return parts
}

// single is the text of a content that is nothing else.
func single(content []mcp.Content) (string, bool) {
	if len(content) != 1 {
		return "", false
	}
	return textOf(content[0])
}

// textOf is the text of a part, false if it is none.
func textOf(content mcp.Content) (string, bool) {
	text, ok := valueOf(content).(mcp.TextContent)
	return text.Text, ok
}

// onlyText tells whether errorOf says all.
func onlyText(res *mcp.CallToolResult) bool {
	for _, c := range res.Content {
		if _, ok := textOf(c); !ok {
			return false
		}
	}
	return structuredOf(res) == nil
}

// errorOf is what the tool says went wrong.
func errorOf(res *mcp.CallToolResult) string {
	var texts []string
	for _, c := range res.Content {
		if text, ok := textOf(c); ok && text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return "the tool reported an error and no text"
	}
	return strings.Join(texts, "\n")
}
