package wire

import (
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// openaiChat is OpenAI's chat completions, which Azure, Groq, Mistral, DeepSeek, xAI, OpenRouter, vLLM and many more speak too, each with some words of its own.
var openaiChat = &Wire{
	name: "openai.chat", provider: "openai", paths: []string{"/chat/completions"},
	request: func(u *url.URL, o value, call *types.LLMCall) {
		call.Model = openaiModel(u, o)
		chatMessages(call, o)
		tools(call, o, "tools", "functions")
		parameters(call, o)
	},
	answer: readChat,
}

// openaiModel is the model that was asked for. Azure has it in the path, as the name of a deployment.
func openaiModel(u *url.URL, o value) string {
	if model := o.text("model"); model != "" || u == nil {
		return model
	}
	_, deployment, _ := strings.Cut(u.Path, "/deployments/")
	deployment, _, _ = strings.Cut(deployment, "/")
	return deployment
}

func chatMessages(call *types.LLMCall, o value) {
	for _, m := range o.pick("messages").items {
		if m.Kind() == '{' {
			call.Messages = append(call.Messages, chatMessage(m))
		}
	}
}

func chatMessage(o value) types.Message {
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
	for _, call := range o.pick("tool_calls").items {
		m.Parts = append(m.Parts, chatCall(call.text("id"), call.object("function", "custom")))
	}
	if call := o.object("function_call"); call.There() {
		m.Parts = append(m.Parts, chatCall("", call))
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

func chatCall(id string, f value) types.Part {
	return callPart(id, f.text("name"), arguments(f.pick("arguments", "input")))
}

// arguments are JSON, or a text of JSON.
func arguments(v value) any {
	if text, ok := v.Text(); ok {
		return spelled(text)
	}
	return v.made()
}

// chatResponse is what a tool answered: a text, or a list of parts, of which texts alone are a text.
func chatResponse(content value) any {
	if text, ok := content.Text(); ok {
		return structure(text)
	}
	var all strings.Builder
	for _, item := range content.items {
		text, ok := item.pick("text").Text()
		if !ok {
			return withoutBlobs(content.made())
		}
		all.WriteString(text)
	}
	if all.Len() > 0 {
		return structure(all.String())
	}
	return withoutBlobs(content.made())
}

// structure gives the object or the list that a text spells, for tools answer in JSON; any other text stays one.
func structure(text string) any {
	if begin := strings.TrimSpace(text); begin != "" && (begin[0] == '{' || begin[0] == '[') {
		return spelled(text)
	}
	return text
}

// chatParts reads content: a text or a list of parts.
func chatParts(content value) (parts []types.Part) {
	if text, ok := content.Text(); ok {
		return textParts(text)
	}
	for _, item := range content.items {
		parts = append(parts, openaiPart(item))
	}
	return parts
}

// openaiPart reads one part in the words of chat completions or of responses.
func openaiPart(o value) types.Part {
	if text, ok := o.Text(); ok {
		return textPart(text)
	}
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
		return wholePart(kind, o)
	}
}

// thinkingText is a text, or, of Mistral, a list of parts.
func thinkingText(v value) string {
	if text, ok := v.Text(); ok {
		return text
	}
	var all strings.Builder
	for _, item := range v.items {
		all.WriteString(item.text("text"))
	}
	return all.String()
}

func openaiImage(o value) types.Part {
	location := o.text("image_url")
	if inner := o.object("image_url"); inner.There() {
		location = inner.text("url")
	}
	if id := o.text("file_id"); id != "" && location == "" {
		return filePart("image", id, "")
	}
	return locatedPart("image", "", location)
}

func openaiFile(o value) types.Part {
	if inner := o.object("file"); inner.There() {
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
