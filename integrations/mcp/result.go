package mcp

import (
	"encoding/json"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// outputOf is what is recorded of a result: its structured content, unless there is more than a text that says the same; else a single text by itself, or all parts.
func outputOf(res *mcp.CallToolResult) any {
	switch {
	case res.StructuredContent == nil && len(res.Content) == 0:
		return nil
	case res.StructuredContent == nil:
		return contentOf(res.Content)
	case len(res.Content) == 0 || repeated(res.Content):
		return res.StructuredContent
	}
	return map[string]any{"structuredContent": res.StructuredContent, "content": contentOf(res.Content)}
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
	text, ok := content[0].(*mcp.TextContent)
	if !ok || text == nil {
		return "", false
	}
	return text.Text, true
}

// onlyText tells whether errorOf says all.
func onlyText(res *mcp.CallToolResult) bool {
	for _, c := range res.Content {
		if _, ok := c.(*mcp.TextContent); !ok {
			return false
		}
	}
	return res.StructuredContent == nil
}

// errorOf is what the tool says went wrong.
func errorOf(res *mcp.CallToolResult) string {
	var texts []string
	for _, c := range res.Content {
		if text, ok := c.(*mcp.TextContent); ok && text != nil && text.Text != "" {
			texts = append(texts, text.Text)
		}
	}
	if len(texts) == 0 {
		return "the tool reported an error and no text"
	}
	return strings.Join(texts, "\n")
}
