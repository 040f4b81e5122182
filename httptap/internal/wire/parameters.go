package wire

import (
	"cmp"
	"slices"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
	"github.com/sentrial/sentrial-go/types"
)

// structured are parameters that are lists or objects and are kept as they are. Others of that form are settings that say nothing of the call, or hold content.
var structured = []string{"stop_sequences", "tool_choice", "logit_bias", "modalities", "include", "allowed_tools"}

// private are members of requests that say who asks, and those that hold what was said and are read as that.
var private = []string{
	"user", "safety_identifier", "prompt_cache_key", "metadata", "suffix", "template", "raw", "context", "images", "previous_response_id", "conversation", "content", "title",
	"cachedContent", "cached_content", "anthropic_version",
}

// renamed are parameters that some call by another name.
var renamed = map[string]string{"function_call": "tool_choice", "random_seed": "seed"}

// maxWord is how long a text among the parameters may be.
const maxWord = 256

// parameters reads what the caller asked for beside the conversation, under the conventions' names.
func parameters(call *types.LLMCall, members value, but ...string) {
	for _, member := range names(members) {
		name := cmp.Or(renamed[member], genaiwords.ParameterName(member))
		if name == "" || slices.Contains(private, member) || slices.Contains(but, member) || !members.pick(member).There() {
			continue
		}
		if read := nested[member]; read != nil {
			read(call, members.object(member))
			continue
		}
		parameter(call, name, plainParameter(name, members.pick(member)))
	}
}

// names are those of the members, in an order that does not depend on the caller's.
func names(members value) []string {
	list := make([]string, 0, 16)
	for name := range members.Members {
		list = append(list, name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// parameter sets one that is not set yet.
func parameter(call *types.LLMCall, name string, v any) {
	if v == nil || v == "" || call.Parameters[name] != nil {
		return
	}
	if call.Parameters == nil {
		call.Parameters = make(map[string]any)
	}
	call.Parameters[name] = v
}

func plainParameter(name string, given value) any {
	switch v := given.made().(type) {
	case map[string]any, []any:
		if slices.Contains(structured, name) {
			return v
		}
	case string:
		if name == "stop_sequences" {
			return []any{v}
		}
		if len(v) <= maxWord {
			return v
		}
	default:
		return v
	}
	return nil
}

// nested are parameters that are objects, of which what matters gets a name of its own.
var nested = map[string]func(*types.LLMCall, value){
	"response_format": responseFormat,
	"text": func(call *types.LLMCall, o value) {
		responseFormat(call, o.object("format"))
		parameter(call, "verbosity", o.text("verbosity"))
	},
	"reasoning": func(call *types.LLMCall, o value) {
		parameter(call, "reasoning_effort", o.text("effort"))
		parameter(call, "reasoning_summary", o.text("summary"))
		parameter(call, "reasoning_max_tokens", plainParameter("", o.pick("max_tokens")))
	},
	"thinking": func(call *types.LLMCall, o value) {
		parameter(call, "thinking", o.text("type"))
		parameter(call, "thinking_budget", plainParameter("", o.pick("budget_tokens")))
	},
	"output_config": func(call *types.LLMCall, o value) {
		parameter(call, "reasoning_effort", o.text("effort"))
		responseFormat(call, o.object("format"))
	},
	"output_format": responseFormat,
}

// responseFormat tells the kind of format, and which schema of the caller's.
func responseFormat(call *types.LLMCall, o value) {
	parameter(call, "response_format", o.text("type"))
	parameter(call, "response_schema", o.text("name"))
	parameter(call, "response_schema", o.object("json_schema").text("name"))
}

// tools keeps what was offered as it was written.
func tools(call *types.LLMCall, o value, names ...string) {
	if list := o.pick(names...); list.Kind() == '[' && !list.Empty() {
		call.ToolDefinitions = list.compact()
	}
}

// system puts instructions before the conversation.
func system(call *types.LLMCall, parts []types.Part) {
	if len(parts) > 0 {
		call.Messages = append(call.Messages, types.Message{Role: "system", Parts: parts})
	}
}

// say adds a message to the conversation.
func say(call *types.LLMCall, role string, parts []types.Part) {
	call.Messages = append(call.Messages, types.Message{Role: role, Parts: parts})
}
