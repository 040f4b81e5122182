package sentrial

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/internal/jsontree"
	"github.com/sentrial/sentrial-go/types"
)

func (v *view) llmCall(f field, c, own *types.LLMCall) {
	switch f.tag {
	case tagModel:
		v.text(&c.Model, f, own.Model)
	case tagRequestModel:
		v.text(&c.RequestModel, f, own.RequestModel)
	case tagProvider:
		v.text(&c.Provider, f, own.Provider)
	case tagOperation:
		v.text(&c.Operation, f, own.Operation)
	case tagResponseID:
		v.text(&c.ResponseID, f, own.ResponseID)
	case tagPrompt:
		v.text(&c.Prompt, f, own.Prompt)
	case tagResponse:
		v.text(&c.Response, f, own.Response)
	case tagMessages:
		v.messages(&c.Messages, f)
	case tagOutputMessages:
		v.messages(&c.OutputMessages, f)
	case tagToolDefinitions:
		v.raw((*[]byte)(&c.ToolDefinitions), f)
	case tagParameters:
		v.object(&c.Parameters, f)
	case tagPromptName:
		v.text(&c.PromptName, f, own.PromptName)
	case tagPromptVersion:
		v.text(&c.PromptVersion, f, own.PromptVersion)
	case tagCost:
		v.float(&c.Cost, f)
	case tagFinishReason:
		v.text(&c.FinishReason, f, own.FinishReason)
	case tagAttempts:
		v.count(&c.Attempts, f)
	case tagTimeToFirstToken:
		v.duration(&c.TimeToFirstToken, f)
	case tagError:
		v.text(&c.Error, f, own.Error)
	default:
		v.usage(f, &c.Usage)
	}
}

func (v *view) usage(f field, u *types.Usage) {
	switch f.tag {
	case tagPromptTokens:
		v.count(&u.PromptTokens, f)
	case tagCompletionTokens:
		v.count(&u.CompletionTokens, f)
	case tagTokensUsed:
		v.count(&u.TotalTokens, f)
	case tagCachedTokens:
		v.count(&u.CachedTokens, f)
	case tagCacheWriteTokens:
		v.count(&u.CacheWriteTokens, f)
	case tagReasoningTokens:
		v.count(&u.ReasoningTokens, f)
	default:
		v.unsure = true
	}
}

// messages takes chat messages. Those with a part of a type, or a field, that this version does not know are left to package types, which keeps them.
func (v *view) messages(to *[]types.Message, f field) {
	r := jsontree.NewReader(string(f.data))
	defer r.Free()
	var list []types.Message
	known := true
	for r.Open('['); known && r.More(']'); {
		var m types.Message
		known = readMessage(r, &m)
		list = append(list, m)
	}
	if *to = list; known && r.Done() {
		return
	}
	*to = nil
	v.unsure = f.kind != kindJSON || json.Unmarshal(f.data, to) != nil
}

func readMessage(r *jsontree.Reader, m *types.Message) (known bool) {
	known = true
	for r.Open('{'); known && r.More('}'); {
		switch r.Name() {
		case "role":
			m.Role = r.Text()
		case "name":
			m.Name = r.Text()
		case "finish_reason":
			m.FinishReason = r.Text()
		case "parts":
			known = readParts(r, &m.Parts)
		default:
			known = false
		}
	}
	return known
}

func readParts(r *jsontree.Reader, to *[]types.Part) (known bool) {
	list := []types.Part{}
	known = true
	for r.Open('['); known && r.More(']'); {
		var p types.Part
		known = readPart(r, &p)
		list = append(list, p)
	}
	*to = list
	return known
}

func readPart(r *jsontree.Reader, p *types.Part) (known bool) {
	for r.Open('{'); r.More('}'); {
		switch r.Name() {
		case "type":
			p.Type = r.Text()
		case "id":
			p.ID = r.Text()
		case "name":
			p.Name = r.Text()
		case "content":
			p.Content = r.Text()
		case "arguments":
			p.Arguments = r.Value()
		case "response":
			p.Response = r.Value()
		default:
			return false
		}
	}
	return knownPart(p)
}

// knownPart tells whether a part is what its fields say: a response may also stand under the name content.
func knownPart(p *types.Part) bool {
	switch p.Type {
	case types.PartText, types.PartReasoning, types.PartToolCall:
		return true
	case types.PartToolCallResponse:
		return p.Content == ""
	}
	return false
}
