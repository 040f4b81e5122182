package mcp

import "github.com/modelcontextprotocol/go-sdk/mcp"

// partOf is what is recorded of one part of a result: texts and links as they are, of everything else kind and size.
func partOf(content mcp.Content) any {
	switch c := content.(type) {
	case *mcp.TextContent:
		if c != nil {
			return map[string]any{"type": "text", "text": c.Text}
		}
	case *mcp.ImageContent:
		if c != nil {
			return binary("image", c.MIMEType, len(c.Data))
		}
	case *mcp.AudioContent:
		if c != nil {
			return binary("audio", c.MIMEType, len(c.Data))
		}
	case *mcp.ResourceLink:
		if c != nil {
			return map[string]any{"type": "resource_link", "uri": c.URI, "name": c.Name, "mimeType": c.MIMEType}
		}
	case *mcp.EmbeddedResource:
		if c != nil && c.Resource != nil {
			return resourceOf(c.Resource)
		}
	}
	return map[string]any{"type": "unknown"}
}

func resourceOf(r *mcp.ResourceContents) any {
	part := map[string]any{"type": "resource", "uri": r.URI, "mimeType": r.MIMEType}
	if r.Blob != nil {
		part["size"] = len(r.Blob)
	} else {
		part["text"] = r.Text
	}
	return part
}

func binary(kind, mimeType string, size int) any {
	return map[string]any{"type": kind, "mimeType": mimeType, "size": size}
}
