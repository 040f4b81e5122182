package wire

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// openaiChat is OpenAI's chat completions, which Azure, Groq, Mistral, DeepSeek, xAI, OpenRouter, vLLM and many more speak too, each with some words of its own.
var openaiChat = &Wire{
	name: "openai.chat", provider: "openai", paths: []string{"/chat/completions"},
	request: func(u *url.URL, o object, call *types.LLMCall) {
		call.Model = openaiModel(u, o)
		chatMessages(call, o)
		tools(call, o, "tools", "functions")
		parameters(call, o)
	},
	answer: readChat,
}

// openaiModel is the model that was asked for. Azure has it in the path, as the name of a deployment.
func openaiModel(u *url.URL, o object) string {
	if model := o.text("model"); model != "" || u == nil {
		return model
	}
	_, deployment, _ := strings.Cut(u.Path, "/deployments/")
	deployment, _, _ = strings.Cut(deployment, "/")
	return deployment
}

func chatMessages(call *types.LLMCall, o object) {
	for _, raw := range o.list("messages") {
		if m := objectOf(raw); m != nil {
			call.Messages = append(call.Messages, chatMessage(m))
		}
	}
}

func chatMessage(o object) types.Message {
	m := types.Message{Role: role(o.text("role")), Name: o.text("name")}
	if m.Role == "tool" {
		m.Name = ""
		m.Parts = []types.Part{responsePart(o.text("tool_call_id"), o.text("name"), chatResponse(o.pick("content")), false)}
		return m
	}
	if text := o.text("reasoning_content", "reasoning", "thinking"); text != "" {
		m.Parts = append(m.Parts, reasoningPart(text))
	}
	m.Parts = append(m.Parts, chatParts(o.pick("content"))...)
	if text := o.text("refusal"); text != "" {
		m.Parts = append(m.Parts, refusalPart(text))
	}
	if id := o.object("audio").text("id"); id != "" {
		m.Parts = append(m.Parts, filePart("audio", id, ""))
	}
	for _, raw := range o.list("tool_calls") {
		m.Parts = append(m.Parts, chatCall(objectOf(raw)))
	}
	if call := o.object("function_call"); call != nil {
		m.Parts = append(m.Parts, chatCall(object{"function": o["function_call"]}))
	}
	return m
}

// role gives the schema's name of a role.
func role(name string) string {
	if name == "function" {
		return "tool"
	}
	return name
}

func chatCall(o object) types.Part {
	f := o.object("function", "custom")
	return callPart(o.text("id"), f.text("name"), arguments(f.pick("arguments", "input")))
}

// arguments are JSON, or a text of JSON.
func arguments(raw json.RawMessage) any {
	if text, ok := textOf(raw); ok {
		return spelled(text)
	}
	return valueOf(raw)
}

// chatResponse is what a tool answered: a text, or a list of parts, of which texts alone are a text.
func chatResponse(raw json.RawMessage) any {
	if text, ok := textOf(raw); ok {
		return structure(text)
	}
	var all strings.Builder
	for _, item := range listOf(raw) {
		part := objectOf(item)
		text, ok := textOf(part["text"])
		if !ok {
			return withoutBlobs(valueOf(raw))
		}
		all.WriteString(text)
	}
	if all.Len() > 0 {
		return structure(all.String())
	}
	return withoutBlobs(valueOf(raw))
}

// structure gives the object or the list that a text spells, for tools answer in JSON; any other text stays one.
func structure(text string) any {
	if begin := strings.TrimSpace(text); begin != "" && (begin[0] == '{' || begin[0] == '[') {
		return spelled(text)
	}
	return text
}

// chatParts reads content: a text or a list of parts.
func chatParts(raw json.RawMessage) (parts []types.Part) {
	if text, ok := textOf(raw); ok {
		return textParts(text)
	}
	for _, item := range listOf(raw) {
		parts = append(parts, openaiPart(item))
	}
	return parts
}

// openaiPart reads one part in the words of chat completions or of responses.
func openaiPart(raw json.RawMessage) types.Part {
	if text, ok := textOf(raw); ok {
		return textPart(text)
	}
	o := objectOf(raw)
	switch kind := o.text("type"); kind {
	case "text", "input_text", "output_text", "summary_text":
		return textPart(o.text("text"))
	case "reasoning_text", "thinking":
		return reasoningPart(thinkingText(o.pick("text", "thinking")))
	case "refusal":
		return refusalPart(o.text("refusal"))
	case "image_url", "input_image":
		return openaiImage(o)
	case "input_audio":
		sound := o.object("input_audio")
		return blobPart("audio", "audio/"+sound.text("format"), sound.text("data"))
	case "file", "input_file":
		return openaiFile(o)
	default:
		return wholePart(kind, raw)
	}
}

// thinkingText is a text, or, of Mistral, a list of parts.
func thinkingText(raw json.RawMessage) string {
	if text, ok := textOf(raw); ok {
		return text
	}
	var all strings.Builder
	for _, item := range listOf(raw) {
		all.WriteString(objectOf(item).text("text"))
	}
	return all.String()
}

func openaiImage(o object) types.Part {
	location := o.text("image_url")
	if inner := o.object("image_url"); inner != nil {
		location = inner.text("url")
	}
	if id := o.text("file_id"); id != "" && location == "" {
		return filePart("image", id, "")
	}
	return locatedPart("image", "", location)
}

func openaiFile(o object) types.Part {
	if inner := o.object("file"); inner != nil {
		o = inner
	}
	if data := o.text("file_data"); data != "" {
		return locatedPart("", "", "data:"+strings.TrimPrefix(data, "data:"))
	}
	if location := o.text("file_url"); location != "" {
		return locatedPart("", "", location)
	}
	return filePart("", o.text("file_id"), o.text("filename"))
}
