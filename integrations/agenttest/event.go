package agenttest

import (
	"encoding/json"
	"slices"
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

func placeholder(got, want, name string) string {
	if got == want {
		return name
	}
	return got
}

func orChat(operation string) string {
	if operation == "" {
		return "chat"
	}
	return operation
}

// parameter looks under the names that providers have for it.
func parameter(parameters map[string]any, names ...string) float64 {
	for _, name := range names {
		if value, ok := parameters[name].(float64); ok {
			return value
		}
	}
	return 0
}

// offers finds the names of tools, however deep a provider has them.
func offers(definitions json.RawMessage) (names []string) {
	var value any
	if len(definitions) == 0 || json.Unmarshal(definitions, &value) != nil {
		return nil
	}
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if name, ok := v["name"].(string); ok {
				names = append(names, name)
			}
			for _, member := range v {
				walk(member)
			}
		}
	}
	walk(value)
	slices.Sort(names)
	return names
}

// spoken writes a conversation down, a line for each part.
func spoken(prompt string, messages []types.Message) (lines []string) {
	if prompt != "" {
		lines = append(lines, "user: "+prompt)
	}
	for _, m := range messages {
		for _, p := range m.Parts {
			switch p.Type {
			case types.PartToolCall:
				lines = append(lines, m.Role+" calls: "+p.Name+" "+string(canonical(p.Arguments)))
			case types.PartToolCallResponse:
				lines = append(lines, m.Role+": "+string(canonical(p.Response)))
			default:
				lines = append(lines, m.Role+": "+p.Content)
			}
		}
	}
	return lines
}

// canonical writes a value, or a text that is JSON, always in the same way.
func canonical(value any) json.RawMessage {
	if raw, ok := value.(json.RawMessage); value == nil || ok && len(raw) == 0 {
		return nil
	}
	var decoded any
	if json.Unmarshal([]byte(asJSON(value)), &decoded) != nil {
		return nil
	}
	if text, ok := decoded.(string); ok && json.Valid([]byte(text)) {
		return canonical(json.RawMessage(text))
	}
	return json.RawMessage(asJSON(decoded))
}

// knownError is what the script said, of an error that has it in its text.
func knownError(text string) string {
	for _, known := range []string{malformed, overloaded, noOrder, "context canceled"} {
		if strings.Contains(text, known) {
			return known
		}
	}
	return text
}
