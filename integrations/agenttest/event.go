package agenttest

import (
	"encoding/json"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// event is what is compared of a recorded event; its names are those of expected.json. Texts are as people would write them down.
type event struct {
	Type             string          `json:"type"`
	Inside           string          `json:"inside,omitempty"` // what it happened in
	Name             string          `json:"name,omitempty"`   // of a tool or a step
	CallID           string          `json:"call_id,omitempty"`
	Model            string          `json:"model,omitempty"`
	Provider         string          `json:"provider,omitempty"`
	Operation        string          `json:"operation,omitempty"`
	MaxTokens        float64         `json:"max_tokens,omitempty"`
	Temperature      float64         `json:"temperature,omitempty"`
	Offers           []string        `json:"offers,omitempty"`   // tools
	Messages         []string        `json:"messages,omitempty"` // role: text
	Reasoning        string          `json:"reasoning,omitempty"`
	Text             string          `json:"text,omitempty"`
	Calls            []string        `json:"calls,omitempty"`    // tools that the model asked for, with arguments
	CallIDs          []string        `json:"call_ids,omitempty"` // of these
	Input            json.RawMessage `json:"input,omitempty"`    // of a tool
	Output           json.RawMessage `json:"output,omitempty"`
	FinishReason     string          `json:"finish_reason,omitempty"`
	PromptTokens     int             `json:"prompt_tokens,omitempty"`
	CachedTokens     int             `json:"cached_tokens,omitempty"`
	CacheWriteTokens int             `json:"cache_write_tokens,omitempty"`
	CompletionTokens int             `json:"completion_tokens,omitempty"`
	ReasoningTokens  int             `json:"reasoning_tokens,omitempty"`
	Cost             string          `json:"cost,omitempty"`                // in dollars; expected.json says "of these tokens"
	FirstToken       string          `json:"time_to_first_token,omitempty"` // measured; expected.json says "of streams"
	Attempts         int             `json:"attempts,omitempty"`            // if more than one
	Status           types.Status    `json:"status"`
	Partial          bool            `json:"partial,omitempty"`
	Error            string          `json:"error,omitempty"`
}

// normalise gives what is compared, without what differs from run to run or from driver to driver.
func normalise(recorded []types.Event, d Driver) []event {
	labels := map[string]string{}
	var events []event
	for _, e := range recorded {
		if e.Session != nil || e.Result != nil {
			continue
		}
		n := event{Type: string(e.Type), Inside: labels[e.ParentID], Status: e.Status, Partial: e.Metadata["partial"] == true}
		switch {
		case e.LLMCall != nil:
			n.ofLLM(e.LLMCall, d)
		case e.ToolCall != nil:
			n.ofTool(e.ToolCall)
		case e.Step != nil:
			n.Name = e.Step.Name
		}
		labels[e.ID] = strings.TrimSpace(n.Type + " " + n.Name)
		events = append(events, n)
	}
	return events
}

func (n *event) ofTool(call *types.ToolCall) {
	n.Name, n.CallID, n.Error = call.ToolName, call.CallID, knownError(call.Error)
	n.Input, n.Output = canonical(call.ToolInput), canonical(call.ToolOutput)
	if n.Error != "" { // what else comes with an error is the integration's own
		n.Output = nil
	}
}

func (n *event) ofLLM(call *types.LLMCall, d Driver) {
	n.Model = placeholder(call.Model, d.Model, "MODEL")
	n.Provider = placeholder(call.Provider, d.Provider, "PROVIDER")
	n.Operation = placeholder(orChat(call.Operation), d.Operation, "OPERATION")
	n.MaxTokens = parameter(call.Parameters, "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "num_predict")
	n.Temperature = parameter(call.Parameters, "temperature")
	n.Offers = offers(call.ToolDefinitions)
	n.Messages = spoken(call.Prompt, call.Messages)
	n.answer(call.Response, call.OutputMessages)
	n.FinishReason, n.Error = call.FinishReason, knownError(call.Error)
	if call.Attempts > 1 {
		n.Attempts = call.Attempts
	}
	if call.TimeToFirstToken > 0 {
		n.FirstToken = "measured"
	}
	if n.Status != types.StatusSuccess { // how much a provider tells of what it did not finish differs
		n.FinishReason = ""
		return
	}
	n.count(call.Usage)
	if call.Cost != nil {
		n.Cost = dollars(*call.Cost)
	}
}

func (n *event) count(u types.Usage) {
	n.PromptTokens, n.CachedTokens, n.CacheWriteTokens = u.PromptTokens, u.CachedTokens, u.CacheWriteTokens
	n.CompletionTokens, n.ReasoningTokens = u.CompletionTokens, u.ReasoningTokens
}

// answer takes the output apart.
func (n *event) answer(response string, messages []types.Message) {
	n.Text = response
	for _, m := range messages {
		for _, p := range m.Parts {
			switch p.Type {
			case types.PartText:
				n.Text += p.Content
			case types.PartReasoning:
				n.Reasoning += p.Content
			case types.PartToolCall:
				n.Calls = append(n.Calls, p.Name+" "+string(canonical(p.Arguments)))
				if p.ID != "" {
					n.CallIDs = append(n.CallIDs, p.ID)
				}
			}
		}
	}
}
