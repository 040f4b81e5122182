package genai

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Some instrumentations keep whole bodies of APIs, and what a body says beside the conversation is in no attribute of its own. Only bodies of replies are asked:
// those of requests hold ids and names of earlier calls.

// reply is what the body of a model's reply says beside the answer, in the forms of the APIs of OpenAI, Anthropic and Google and of LangChain's results.
type reply struct {
	id, model, finish string
	usage             map[string]json.RawMessage
}

func replyOf(raw json.RawMessage) (b reply) {
	b.read(raw, 0)
	return b
}

// maxReplyDepth bounds how deep a reply is looked for: LangChain's is generations, list, list, message, kwargs.
const maxReplyDepth = 6

func (b *reply) read(raw json.RawMessage, depth int) {
	if depth > maxReplyDepth {
		return
	}
	if list := listIn(raw); len(list) > 0 {
		b.read(list[0], depth+1)
		return
	}
	members := objectIn(raw)
	if members == nil {
		return
	}
	for _, name := range [...]string{"response_metadata", "llm_output", "llmOutput"} {
		b.about(objectIn(members[name]), true)
	}
	b.about(members, looksLikeReply(members))
	for _, name := range [...]string{"generations", "message", "kwargs", "output", "choices", "candidates"} {
		b.read(members[name], depth+1)
	}
}

// about takes what one object says. Ids that LangChain made up for its runs are none of a reply.
func (b *reply) about(members map[string]json.RawMessage, named bool) {
	if members == nil {
		return
	}
	if id := firstText(members, "id", "responseId", "response_id"); named && !strings.HasPrefix(id, "run-") {
		b.id = cmp.Or(b.id, id)
	}
	if named {
		b.model = cmp.Or(b.model, firstText(members, "model", "model_name", "modelVersion", "model_version", "model_id"))
	}
	b.finish = cmp.Or(b.finish, firstText(members, "finish_reason", "finishReason", "stop_reason", "stopReason"))
	for _, name := range [...]string{"usage_metadata", "usage", "usageMetadata", "token_usage", "tokenUsage"} {
		// LangChain's own account goes before the API's, which it keeps too: it counts alike for all of them.
		if found := objectIn(members[name]); found != nil && (b.usage == nil || name == "usage_metadata" && b.usage["input_token_details"] == nil) {
			b.usage = found
		}
	}
}

// looksLikeReply tells whether an object with an id is a reply, and not an answer that happens to be an object.
func looksLikeReply(members map[string]json.RawMessage) bool {
	for _, name := range [...]string{"choices", "candidates", "response_metadata", "additional_kwargs", "usage_metadata", "usage"} {
		if members[name] != nil {
			return true
		}
	}
	switch object, _ := stringIn(members["object"]); object {
	case "response", "chat.completion", "chat.completion.chunk", "text_completion", "realtime.response":
		return true
	}
	return members["content"] != nil && members["role"] != nil && members["model"] != nil
}

// giveReply takes from a reply what no attribute says.
func (r *reading) giveReply(d *dialect, key string, raw json.RawMessage) {
	b := replyOf(raw)
	r.give(d, 900, fieldResponseID, key, b.id)
	r.give(d, 900, fieldServedModel, key, b.model)
	r.give(d, 900, fieldFinishReasons, key, b.finish)
	if counts(r) == 0 {
		r.giveUsage(d, 900, key, inclusive(b.usage))
	}
}

// usageNames are the members of usage objects.
var usageNames = map[string]field{
	"input_tokens": fieldInputTokens, "prompt_tokens": fieldInputTokens, "inputTokens": fieldInputTokens, "promptTokens": fieldInputTokens,
	"promptTokenCount": fieldInputTokens, "prompt_token_count": fieldInputTokens, "inputTokenCount": fieldInputTokens,
	"output_tokens": fieldOutputTokens, "completion_tokens": fieldOutputTokens, "outputTokens": fieldOutputTokens, "completionTokens": fieldOutputTokens,
	"candidatesTokenCount": fieldOutputTokens, "candidates_token_count": fieldOutputTokens, "outputTokenCount": fieldOutputTokens,
	"total_tokens": fieldTotalTokens, "totalTokens": fieldTotalTokens, "totalTokenCount": fieldTotalTokens, "total_token_count": fieldTotalTokens,
	"cache_read_input_tokens": fieldCacheReadTokens, "cacheReadInputTokens": fieldCacheReadTokens, "cachedContentTokenCount": fieldCacheReadTokens,
	"cached_content_token_count": fieldCacheReadTokens, "cachedInputTokens": fieldCacheReadTokens,
	"cachedContentTokens": fieldCacheReadTokens, "prompt_cached_tokens": fieldCacheReadTokens,
	"cache_creation_input_tokens": fieldCacheWriteTokens, "cacheWriteInputTokens": fieldCacheWriteTokens,
	"thoughtsTokenCount": fieldReasoningTokens, "thoughts_token_count": fieldReasoningTokens, "reasoningTokens": fieldReasoningTokens,
	"reasoning_tokens": fieldReasoningTokens, "thoughtsTokens": fieldReasoningTokens,
	"input_cost": fieldInputCost, "output_cost": fieldOutputCost, "total_cost": fieldCost,
}

// usageDetails are the members of the objects inside, which say how many of the counted tokens were of a special kind.
var usageDetails = map[string]field{
	"cached_tokens": fieldCacheReadTokens, "cache_read": fieldCacheReadTokens, "cacheReadTokens": fieldCacheReadTokens, "cachedTokens": fieldCacheReadTokens,
	"cache_creation": fieldCacheWriteTokens, "cache_write": fieldCacheWriteTokens, "cacheWriteTokens": fieldCacheWriteTokens,
	"cache_creation_tokens": fieldCacheWriteTokens,
	"reasoning":             fieldReasoningTokens, "reasoning_tokens": fieldReasoningTokens, "reasoningTokens": fieldReasoningTokens,
}

// giveUsage reads an object that counts tokens.
func (r *reading) giveUsage(d *dialect, i int, key string, members map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if f, ok := usageNames[name]; ok {
			r.giveCount(d, i, f, key, members[name])
			continue
		}
		r.giveUsageDetails(d, i, key, objectIn(members[name]))
	}
}

// inclusive adds cached tokens to the input where the names show that Anthropic's or Bedrock's API counted, which keep them apart. The former gives no total: where
// there is one, somebody wrote the counts anew, and the total tells.
func inclusive(members map[string]json.RawMessage) map[string]json.RawMessage {
	for _, names := range [...][3]string{
		{"input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"},
		{"inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"},
	} {
		in, ok := countOf(members[names[0]])
		read, _ := countOf(members[names[1]])
		wrote, _ := countOf(members[names[2]])
		if !ok || read+wrote == 0 {
			continue
		}
		if out, _ := countOf(first(members, "output_tokens", "outputTokens")); first(members, "total_tokens") == nil || in+out+read+wrote == totalIn(members) {
			members = maps.Clone(members)
			members[names[0]] = jsonOf(in + read + wrote)
		}
	}
	return members
}

func totalIn(members map[string]json.RawMessage) int {
	n, _ := countOf(first(members, "total_tokens", "totalTokens"))
	return n
}

func (r *reading) giveUsageDetails(d *dialect, i int, key string, members map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if f, ok := usageDetails[name]; ok {
			r.giveCount(d, i, f, key, members[name])
		}
	}
}

func (r *reading) giveCount(d *dialect, i int, f field, key string, raw json.RawMessage) {
	if _, ok := numberOf(raw); ok {
		r.give(d, i, f, key, raw)
	}
}

// excluded adds cached tokens to the input, for spans of instrumentations that are known to leave them out.
func (r *reading) excluded() {
	in, ok := countOf(r.get(fieldInputTokens).value)
	read, _ := countOf(r.get(fieldCacheReadTokens).value)
	wrote, _ := countOf(r.get(fieldCacheWriteTokens).value)
	if cached := read + wrote; ok && cached > 0 && cached <= in { // a part larger than the whole is seen by usage
		r.set(fieldInputTokens, int64(in+cached), "")
		if total, ok := countOf(r.get(fieldTotalTokens).value); ok {
			r.set(fieldTotalTokens, int64(total+cached), "")
		}
	}
}
