package wire

import (
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// openaiResponses is OpenAI's responses API: a conversation is a list of items, and the server may keep the earlier ones.
var openaiResponses = &Wire{
	name: "openai.responses", provider: "openai", paths: []string{"/responses", "/responses/compact"},
	request: func(u *url.URL, o value, call *types.LLMCall) {
		call.Model = openaiModel(u, o)
		prompt := o.object("prompt")
		call.PromptName, call.PromptVersion = prompt.text("id"), prompt.text("version")
		responsesInput(call, o)
		tools(call, o, "tools")
		parameters(call, o)
		stored(call, o)
	},
	answer: readResponses,
}

// stored says which earlier conversation the server was to go on with.
func stored(call *types.LLMCall, o value) {
	conversation := o.text("conversation")
	if conversation == "" {
		conversation = o.object("conversation").text("id")
	}
	for name, id := range map[string]string{"previous_response_id": o.text("previous_response_id"), "conversation_id": conversation} {
		if id == "" {
			continue
		}
		if call.Metadata == nil {
			call.Metadata = make(map[string]any)
		}
		call.Metadata[name] = id
	}
}

func responsesInput(call *types.LLMCall, o value) {
	system(call, chatParts(o.pick("instructions")))
	input := o.pick("input")
	if text, ok := input.Text(); ok {
		say(call, "user", textParts(text))
		return
	}
	for _, item := range input.items {
		role, parts := responsesItem(item)
		if role == "" {
			continue
		}
		if last := len(call.Messages) - 1; last >= 0 && role == "assistant" && call.Messages[last].Role == role {
			call.Messages[last].Parts = append(call.Messages[last].Parts, parts...) // items of one answer
			continue
		}
		say(call, role, parts)
	}
}

// responsesItem reads one item and says whose it is.
func responsesItem(o value) (role string, parts []types.Part) {
	switch kind := o.text("type"); {
	case o.Kind() != '{':
		return "", nil
	case kind == "message" || kind == "" && o.text("role") != "":
		return o.text("role"), chatParts(o.pick("content"))
	case kind == "function_call" || kind == "custom_tool_call":
		return "assistant", []types.Part{callPart(o.text("call_id", "id"), o.text("name"), arguments(o.pick("arguments", "input")))}
	case kind == "function_call_output" || kind == "custom_tool_call_output":
		return "tool", []types.Part{responsePart(o.text("call_id"), "", chatResponse(o.pick("output")), false)}
	case kind == "reasoning":
		text := itemReasoning(o)
		if text == "" {
			return "", nil // encrypted
		}
		return "assistant", []types.Part{reasoningPart(text)}
	case strings.HasSuffix(kind, "_output"):
		return "tool", []types.Part{wholePart(kind, o)}
	case kind == "mcp_approval_response":
		return "user", []types.Part{wholePart(kind, o)}
	case kind == "item_reference":
		return "", nil // the server knows what it is
	default:
		return "assistant", []types.Part{wholePart(kind, o)}
	}
}

// itemReasoning is what an item tells of reasoning: its summary, or, of open models, the reasoning itself.
func itemReasoning(o value) string {
	var all []string
	for _, list := range []value{o.pick("content"), o.pick("summary")} {
		for _, item := range list.items {
			if text := item.text("text"); text != "" {
				all = append(all, text)
			}
		}
	}
	return strings.Join(all, "\n")
}
