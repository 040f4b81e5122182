package wire

import (
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// geminiGenerate is Google's API for Gemini, at both of its hosts. Requests may be written in camel case or with underscores.
var geminiGenerate = &Wire{
	name: "gemini.generate_content", provider: "gcp.gemini", paths: []string{":generateContent", ":streamGenerateContent"},
	request: func(u *url.URL, o value, call *types.LLMCall) {
		call.Model = pathModel(u)
		system(call, geminiParts(o.object("systemInstruction", "system_instruction")))
		for _, item := range o.pick("contents").items {
			geminiContent(call, item)
		}
		tools(call, o, "tools")
		geminiParameters(call, o)
		if u != nil && strings.HasSuffix(u.Path, ":streamGenerateContent") {
			parameter(call, "stream", true)
		}
	},
	answer: readGemini,
}

// geminiEmbed makes vectors of contents. Its answer says nothing else.
var geminiEmbed = &Wire{
	name: "gemini.embed_content", provider: "gcp.gemini", operation: "embeddings", paths: []string{":embedContent", ":batchEmbedContents"}, vectors: true,
	request: func(u *url.URL, o value, call *types.LLMCall) {
		call.Model = pathModel(u)
		requests := []value{o}
		for _, item := range o.pick("requests").items {
			requests = append(requests, item)
		}
		for _, r := range requests {
			if parts := geminiParts(r.object("content")); parts != nil {
				say(call, "user", parts)
			}
			parameter(call, "dimensions", plainParameter("", r.pick("outputDimensionality", "output_dimensionality")))
			parameter(call, "task_type", plainParameter("", r.pick("taskType", "task_type")))
		}
	},
	answer: func(s *said, o value) { readGeminiUsage(s, o.object("usageMetadata")) },
}

// geminiContent reads a message. What functions answered is the user's there.
func geminiContent(call *types.LLMCall, o value) {
	if o.Kind() != '{' {
		return
	}
	parts := geminiParts(o)
	role := map[string]string{"": "user", "model": "assistant", "function": "tool"}[o.text("role")]
	if role == "" {
		role = o.text("role")
	}
	tool := len(parts) > 0
	for _, p := range parts {
		tool = tool && p.Type == types.PartToolCallResponse
	}
	if tool {
		role = "tool"
	}
	say(call, role, parts)
}

func geminiParts(content value) (parts []types.Part) {
	list := content.pick("parts")
	if list.There() && list.Kind() != '[' {
		return []types.Part{geminiPart(list)}
	}
	for _, item := range list.items {
		parts = append(parts, geminiPart(item))
	}
	return parts
}

func geminiPart(o value) types.Part {
	if call := o.object("functionCall", "function_call"); call.There() {
		return callPart(call.text("id"), call.text("name"), call.pick("args").made())
	}
	if answer := o.object("functionResponse", "function_response"); answer.There() {
		return responsePart(answer.text("id"), answer.text("name"), withoutBlobs(answer.pick("response").made()), false)
	}
	if data := o.object("inlineData", "inline_data"); data.There() {
		return blobPart("", data.text("mimeType", "mime_type"), data.text("data"))
	}
	if file := o.object("fileData", "file_data"); file.There() {
		return locatedPart("", file.text("mimeType", "mime_type"), file.text("fileUri", "file_uri"))
	}
	text, ok := o.pick("text").Text()
	switch {
	case ok && o.truth("thought"):
		return reasoningPart(text)
	case ok:
		return textPart(text)
	}
	return wholePart(geminiKind(o), o)
}

// geminiKind names a part after what it holds.
func geminiKind(o value) string {
	for _, name := range []string{"executableCode", "codeExecutionResult", "toolCall", "toolResponse", "audioTranscription"} {
		if o.pick(name).There() {
			return name
		}
	}
	return ""
}

// geminiParameters reads the members that are under other names elsewhere.
func geminiParameters(call *types.LLMCall, o value) {
	config := o.object("generationConfig", "generation_config")
	for _, p := range []struct{ name, ours string }{
		{"temperature", "temperature"},
		{"topP", "top_p"},
		{"top_p", "top_p"},
		{"topK", "top_k"},
		{"top_k", "top_k"},
		{"maxOutputTokens", "max_tokens"},
		{"max_output_tokens", "max_tokens"},
		{"stopSequences", "stop_sequences"},
		{"stop_sequences", "stop_sequences"},
		{"candidateCount", "choice.count"},
		{"candidate_count", "choice.count"},
		{"seed", "seed"},
		{"presencePenalty", "presence_penalty"},
		{"frequencyPenalty", "frequency_penalty"},
		{"responseMimeType", "response_format"},
		{"response_mime_type", "response_format"},
		{"responseModalities", "modalities"},
		{"responseLogprobs", "logprobs"},
		{"logprobs", "top_logprobs"},
		{"mediaResolution", "media_resolution"},
	} {
		parameter(call, p.ours, plainParameter(p.ours, config.pick(p.name)))
	}
	thinking := config.object("thinkingConfig", "thinking_config")
	parameter(call, "thinking_budget", plainParameter("", thinking.pick("thinkingBudget", "thinking_budget")))
	parameter(call, "reasoning_effort", plainParameter("", thinking.pick("thinkingLevel", "thinking_level")))
	parameter(call, "include_thoughts", plainParameter("", thinking.pick("includeThoughts", "include_thoughts")))
	calling := o.object("toolConfig", "tool_config").object("functionCallingConfig", "function_calling_config")
	parameter(call, "tool_choice", strings.ToLower(calling.text("mode")))
}
