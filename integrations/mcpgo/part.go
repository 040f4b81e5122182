package mcpgo

import (
	"reflect"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
)

// partOf is what is recorded of one part of a result: texts and links as they are, of everything else kind and size.
func partOf(content mcp.Content) any {
	switch c := valueOf(content).(type) {
	case mcp.TextContent:
		return map[string]any{"type": "text", "text": c.Text}
	case mcp.ImageContent:
		return binary("image", c.MIMEType, c.Data)
	case mcp.AudioContent:
		return binary("audio", c.MIMEType, c.Data)
	case mcp.ResourceLink:
		return map[string]any{"type": "resource_link", "uri": c.URI, "name": c.Name, "mimeType": c.MIMEType}
	case mcp.EmbeddedResource:
		return resourceOf(c.Resource)
	}
	return map[string]any{"type": "unknown"}
}

func resourceOf(resource mcp.ResourceContents) any {
	switch r := valueOf(resource).(type) {
	case mcp.TextResourceContents:
		return map[string]any{"type": "resource", "uri": r.URI, "mimeType": r.MIMEType, "text": r.Text}
	case mcp.BlobResourceContents:
		return map[string]any{"type": "resource", "uri": r.URI, "mimeType": r.MIMEType, "size": decodedSize(r.Blob)}
	}
	return map[string]any{"type": "resource"}
}

func binary(kind, mimeType, data string) any {
	return map[string]any{"type": kind, "mimeType": mimeType, "size": decodedSize(data)}
}

// decodedSize is the length of what base64 stands for.
func decodedSize(base64 string) int { return len(strings.TrimRight(base64, "=")) * 3 / 4 }

// valueOf gives what a part points to: programs make them as values and as pointers. A nil pointer is nothing.
func valueOf(part any) any {
	pointer := reflect.ValueOf(part)
	if pointer.Kind() != reflect.Pointer {
		return part
	}
	if pointer.IsNil() {
		return nil
	}
	return pointer.Elem().Interface()
}
