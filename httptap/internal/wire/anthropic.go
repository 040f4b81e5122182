package wire

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// anthropicMessages is Anthropic's API, at Google too, where the model stands in the path.
var anthropicMessages = &Wire{
	name: "anthropic.messages", provider: "anthropic", paths: []string{"/v1/messages"},
	matches: func(path string) bool {
		return strings.Contains(path, "/publishers/anthropic/models/") && (strings.HasSuffix(path, ":rawPredict") || strings.HasSuffix(path, ":streamRawPredict"))
	},
	request: func(u *url.URL, o object, call *types.LLMCall) {
		if call.Model = o.text("model"); call.Model == "" {
			call.Model = pathModel(u)
		}
		_, parts := anthropicParts(o.pick("system"))
		system(call, parts)
		for _, raw := range o.list("messages") {
			anthropicMessage(call, objectOf(raw))
		}
		tools(call, o, "tools")
		parameters(call, o)
	},
	answer: readAnthropic,
}

// pathModel is the model in a path that ends in /NAME:method.
func pathModel(u *url.URL) string {
	if u == nil || !strings.Contains(u.Path, ":") {
		return ""
	}
	name := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[:i]
	}
	return name
}

func anthropicMessage(call *types.LLMCall, o object) {
	if o == nil {
		return
	}
	role := o.text("role")
	tool, parts := anthropicParts(o.pick("content"))
	if role == "user" && tool {
		role = "tool"
	}
	say(call, role, parts)
}

// anthropicParts reads content. tool says that it is nothing but what tools answered, which travels as the user's.
func anthropicParts(raw json.RawMessage) (tool bool, parts []types.Part) {
	if text, ok := textOf(raw); ok {
		return false, textParts(text)
	}
	tool = true
	for _, item := range listOf(raw) {
		p := anthropicPart(item)
		tool = tool && p.Type == types.PartToolCallResponse
		parts = append(parts, p)
	}
	return tool && parts != nil, parts
}

func anthropicPart(raw json.RawMessage) types.Part {
	o := objectOf(raw)
	switch kind := o.text("type"); kind {
	case "text":
		return textPart(o.text("text"))
	case "thinking":
		return reasoningPart(o.text("thinking"))
	case "tool_use":
		return callPart(o.text("id"), o.text("name"), valueOf(o.pick("input")))
	case "tool_result":
		return responsePart(o.text("tool_use_id"), "", chatResponse(o.pick("content")), o.truth("is_error"))
	case "image":
		return anthropicSource("image", o.object("source"), raw)
	case "document":
		return anthropicSource("", o.object("source"), raw)
	default:
		return wholePart(kind, raw)
	}
}

// anthropicSource is a picture or a document: its bytes, where it stands, or its id.
func anthropicSource(modality string, source object, raw json.RawMessage) types.Part {
	switch source.text("type") {
	case "base64":
		return blobPart(modality, source.text("media_type"), source.text("data"))
	case "url":
		return locatedPart(modality, source.text("media_type"), source.text("url"))
	case "file":
		return filePart(modality, source.text("file_id"), "")
	default:
		return wholePart(objectOf(raw).text("type"), raw)
	}
}
