package wire

import (
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// anthropicMessages is Anthropic's API, at Google too, where the model stands in the path.
var anthropicMessages = &Wire{
	name: "anthropic.messages", provider: "anthropic", paths: []string{"/v1/messages"},
	matches: func(path string) bool {
		_, model, ok := strings.Cut(path, "/publishers/anthropic/models/")
		model, method, _ := strings.Cut(model, ":")
		return ok && (method == "rawPredict" || method == "streamRawPredict") && model != "count-tokens"
	},
	request: func(u *url.URL, o value, call *types.LLMCall) {
		if call.Model = o.text("model"); call.Model == "" {
			call.Model = pathModel(u)
		}
		_, parts := anthropicParts(o.pick("system"))
		system(call, parts)
		for _, item := range o.pick("messages").items {
			anthropicMessage(call, item)
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

func anthropicMessage(call *types.LLMCall, o value) {
	if o.Kind() != '{' {
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
func anthropicParts(content value) (tool bool, parts []types.Part) {
	if text, ok := content.Text(); ok {
		return false, textParts(text)
	}
	tool = true
	for _, item := range content.items {
		p := anthropicPart(item)
		tool = tool && p.Type == types.PartToolCallResponse
		parts = append(parts, p)
	}
	return tool && parts != nil, parts
}

func anthropicPart(o value) types.Part {
	switch kind := o.text("type"); kind {
	case "text":
		return textPart(o.text("text"))
	case "thinking":
		return reasoningPart(o.text("thinking"))
	case "tool_use":
		return callPart(o.text("id"), o.text("name"), o.pick("input").made())
	case "tool_result":
		return responsePart(o.text("tool_use_id"), "", chatResponse(o.pick("content")), o.truth("is_error"))
	case "image":
		return anthropicSource("image", o)
	case "document":
		return anthropicSource("", o)
	default:
		return wholePart(kind, o)
	}
}

// anthropicSource is a picture or a document: its bytes, where it stands, or its id.
func anthropicSource(modality string, o value) types.Part {
	source := o.object("source")
	switch source.text("type") {
	case "base64":
		return blobPart(modality, source.text("media_type"), source.text("data"))
	case "url":
		return locatedPart(modality, source.text("media_type"), source.text("url"))
	case "file":
		return filePart(modality, source.text("file_id"), "")
	default:
		return wholePart(o.text("type"), o)
	}
}
