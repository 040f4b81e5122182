package langchaingo

import (
	"encoding/json"
	"slices"

	"github.com/tmc/langchaingo/llms"
)

// callOptions are the options of a call, as the model will have them.
type callOptions struct{ llms.CallOptions }

func optionsOf(options []llms.CallOption) (o callOptions) {
	quietly(func() {
		for _, option := range options {
			option(&o.CallOptions)
		}
	})
	return o
}

func (o callOptions) streams() bool { return o.StreamingFunc != nil || o.StreamingReasoningFunc != nil }

// parameters are those that are set, in the words of most providers.
func (o callOptions) parameters() map[string]any {
	set := map[string]any{}
	for name, v := range map[string]int{
		"max_tokens": o.MaxTokens, "top_k": o.TopK, "seed": o.Seed, "n": o.N, "candidate_count": o.CandidateCount, "min_length": o.MinLength, "max_length": o.MaxLength,
	} {
		if v != 0 {
			set[name] = v
		}
	}
	for name, v := range map[string]float64{
		"temperature": o.Temperature, "top_p": o.TopP, "repetition_penalty": o.RepetitionPenalty, "frequency_penalty": o.FrequencyPenalty,
		"presence_penalty": o.PresencePenalty,
	} {
		if v != 0 {
			set[name] = v
		}
	}
	o.otherParameters(set)
	if len(set) == 0 {
		return nil
	}
	return set
}

func (o callOptions) otherParameters(set map[string]any) {
	if len(o.StopWords) > 0 {
		set["stop"] = o.StopWords
	}
	if o.ToolChoice != nil {
		set["tool_choice"] = o.ToolChoice
	}
	if o.JSONMode {
		set["response_format"] = "json"
	}
	if o.ResponseMIMEType != "" {
		set["response_format"] = o.ResponseMIMEType
	}
	if o.streams() {
		set["stream"] = true
	}
}

// tools are those offered, in langchaingo's own JSON, which is that of OpenAI.
func (o callOptions) tools() json.RawMessage {
	offered := o.Tools
	for _, f := range o.Functions {
		offered = append(slices.Clip(offered), llms.Tool{Type: "function", Function: &f})
	}
	if len(offered) == 0 {
		return nil
	}
	definitions, err := json.Marshal(offered)
	if err != nil {
		return nil
	}
	return definitions
}
