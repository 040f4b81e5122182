package sentrial

import (
	"context"
	"sync"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// enrichment is what others say of the call of an open span, such as an instrumentation inside it. It waits beside the span, whose own fields belong to the program
// until the end, and then fills in what the program left empty.
type enrichment struct {
	mu   sync.Mutex
	over bool // the span has ended
	llm  *types.LLMCall
	sent int // how often, as far as somebody around llm has counted
	tool *types.ToolCall
}

func enrich(ctx context.Context, payload any) bool {
	o := scopeOf(ctx).span
	if o == nil || o.started == nil || o.ended.Load() {
		return false
	}
	switch p := payload.(type) {
	case *types.LLMCall:
		return p != nil && isOfType(o.started, types.EventLLMCall) && o.besides.addLLM(p)
	case attach.Attempts:
		return isOfType(o.started, types.EventLLMCall) && o.besides.addAttempts(int(p))
	case *types.ToolCall:
		return p != nil && isOfType(o.started, types.EventToolCall) && o.besides.addTool(p)
	}
	return false
}

// displace puts call in the place of what was said of another one, which came first and could not be known as that then.
func displace(ctx context.Context, call *types.LLMCall) (other *types.LLMCall) {
	o := scopeOf(ctx).span
	if o == nil {
		return nil
	}
	o.besides.mu.Lock()
	defer o.besides.mu.Unlock()
	if o.besides.over || o.besides.llm == nil || !differ(o.besides.llm.ResponseID, call.ResponseID) {
		return nil
	}
	other, o.besides.llm = o.besides.llm, call
	return other
}

func (b *enrichment) addLLM(c *types.LLMCall) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.over:
		return false
	case b.llm == nil:
		b.llm = c
	case differ(b.llm.ResponseID, c.ResponseID):
		return false
	case failed(b.llm) && !failed(c) && !around(c, b.llm):
		c.Attempts = max(c.Attempts, 1) + max(b.llm.Attempts, 1)
		b.llm = c
	default:
		attempts := max(b.llm.Attempts, c.Attempts)
		fillLLM(b.llm, c)
		if b.llm.Attempts = attempts; c.Status != "" && around(c, b.llm) {
			b.llm.Status, b.llm.Error = c.Status, c.Error
		}
	}
	return true
}

// around tells whether c had begun before other, which has ended, so that other is a part of it and no earlier attempt.
func around(c, other *types.LLMCall) bool {
	return !c.StartTime.IsZero() && c.StartTime.Before(other.StartTime)
}

func (b *enrichment) addAttempts(sent int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = max(b.sent, sent)
	return !b.over
}

func failed(c *types.LLMCall) bool {
	return c.Status == types.StatusError || c.Status == types.StatusCancelled
}

func (b *enrichment) addTool(c *types.ToolCall) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.over:
		return false
	case b.tool == nil:
		b.tool = c
	case differ(b.tool.CallID, c.CallID):
		return false
	default:
		fillTool(b.tool, c)
	}
	return true
}

// differ tells whether two ids are there and name two things.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// enrichLLM fills in the call of a span that has ended.
func (o *openSpan) enrichLLM(c *types.LLMCall) {
	o.besides.mu.Lock()
	defer o.besides.mu.Unlock()
	o.besides.over = true
	if o.besides.llm != nil {
		o.besides.llm.Attempts = max(o.besides.llm.Attempts, o.besides.sent)
		fillLLM(c, o.besides.llm)
	}
	fill(&c.Attempts, o.besides.sent)
}

// enrichTool fills in the call of a span that has ended.
func (o *openSpan) enrichTool(c *types.ToolCall) {
	o.besides.mu.Lock()
	defer o.besides.mu.Unlock()
	o.besides.over = true
	if o.besides.tool != nil {
		fillTool(c, o.besides.tool)
	}
}

// fillLLM takes from more what c leaves empty. Time and outcome are c's own; tokens are taken all together or not at all, and so are both forms of a conversation.
func fillLLM(c, more *types.LLMCall) {
	fillModel(c, more)
	fill(&c.Provider, more.Provider)
	fill(&c.Operation, more.Operation)
	fill(&c.ResponseID, more.ResponseID)
	fill(&c.FinishReason, more.FinishReason)
	fill(&c.Usage, more.Usage)
	fill(&c.Cost, more.Cost)
	fill(&c.Attempts, more.Attempts)
	fill(&c.TimeToFirstToken, more.TimeToFirstToken)
	if c.PromptName == "" {
		c.PromptName, c.PromptVersion = more.PromptName, more.PromptVersion
	}
	fillConversation(c, more)
	c.Metadata = filledMap(c.Metadata, more.Metadata)
}

// fillModel keeps the model asked for only where it is another one.
func fillModel(c, more *types.LLMCall) {
	fill(&c.Model, more.Model)
	if c.RequestModel == "" && more.RequestModel != c.Model {
		c.RequestModel = more.RequestModel
	}
}

func fillConversation(c, more *types.LLMCall) {
	if c.Prompt == "" && len(c.Messages) == 0 {
		c.Prompt, c.Messages = more.Prompt, more.Messages
	}
	if c.Response == "" && len(c.OutputMessages) == 0 {
		c.Response, c.OutputMessages = more.Response, more.OutputMessages
	}
	if len(c.ToolDefinitions) == 0 {
		c.ToolDefinitions = more.ToolDefinitions
	}
	c.Parameters = filledMap(c.Parameters, more.Parameters)
}

// fillTool takes from more what c leaves empty.
func fillTool(c, more *types.ToolCall) {
	fill(&c.ToolName, more.ToolName)
	fill(&c.CallID, more.CallID)
	fill(&c.Reasoning, more.Reasoning)
	fill(&c.Attempt, more.Attempt)
	fill(&c.Cost, more.Cost)
	if c.ToolInput == nil {
		c.ToolInput = more.ToolInput
	}
	if c.ToolOutput == nil {
		c.ToolOutput = more.ToolOutput
	}
	c.Metadata = filledMap(c.Metadata, more.Metadata)
}

func fill[T comparable](to *T, from T) {
	var empty T
	if *to == empty {
		*to = from
	}
}

// filledMap is m with the members of more that it does not have; neither is changed.
func filledMap(m, more map[string]any) map[string]any {
	if len(more) == 0 {
		return m
	}
	return merged(more, m)
}
