package langchaingo_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/tmc/langchaingo/callbacks"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/openai"
	"github.com/tmc/langchaingo/schema"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// parts are what records an agent of the script.
type parts struct{ handler, model, tool, tap bool }

// agent asks one of langchaingo's providers.
type agent struct {
	model   llms.Model
	handler *langchaingo.Handler
	client  *sentrial.Client
	wrapped bool // tools
}

var openaiLacks = []string{"cache_write_tokens"}

// TestOpenAI plays the script through langchaingo's real provider, once for each way to record it.
func TestOpenAI(t *testing.T) {
	// What a handler alone is not told.
	handler := []string{"provider", "max_tokens", "temperature", "offers", agenttest.RetriesApart}
	for name, c := range map[string]struct {
		parts parts
		lacks []string
	}{
		"model and tool": {parts{model: true, tool: true}, []string{"call_id", agenttest.RetriesApart}},
		"handler":        {parts{handler: true}, append([]string{"model", "cost"}, handler...)},
		"all":            {parts{handler: true, model: true, tool: true, tap: true}, []string{agenttest.RetriesApart}},
		"handler, tap":   {parts{handler: true, tap: true}, []string{agenttest.RetriesApart}},
		"model, tap":     {parts{model: true, tap: true}, []string{agenttest.RetriesApart}},
		"model, handler": {parts{model: true, handler: true}, []string{agenttest.RetriesApart}},
	} {
		t.Run(name, func(t *testing.T) {
			agenttest.Run(t, agenttest.Driver{
				Name: name, Lacks: append(c.lacks, openaiLacks...),
				Open: func(t *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
					a := newAgent(client, c.parts)
					model, err := openai.New(openai.WithBaseURL(baseURL+"/v1"), openai.WithToken("key"), openai.WithModel("gpt-4o-mini"),
						openai.WithHTTPClient(c.parts.http(t, client)), openai.WithCallback(a.callbacks()))
					if err != nil {
						t.Fatal(err)
					}
					return a.asking(model, c.parts)
				},
			})
		})
	}
}

func TestAnthropic(t *testing.T) {
	for name, c := range map[string]struct {
		parts parts
		lacks []string
	}{
		"model and tool": {parts{model: true, tool: true}, []string{"call_id", "time_to_first_token", agenttest.RetriesApart}},
		"all":            {parts{handler: true, model: true, tool: true, tap: true}, []string{agenttest.RetriesApart}},
		"handler, tap":   {parts{handler: true, tap: true}, []string{agenttest.RetriesApart}},
	} {
		t.Run(name, func(t *testing.T) {
			agenttest.Run(t, agenttest.Driver{
				Name: name, Model: "claude-sonnet-4-5", Provider: "anthropic", Lacks: append(c.lacks, "reasoning_tokens"),
				Open: func(t *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
					a := newAgent(client, c.parts)
					model, err := anthropic.New(anthropic.WithBaseURL(baseURL+"/v1"), anthropic.WithToken("key"), anthropic.WithModel("claude-sonnet-4-5"),
						anthropic.WithHTTPClient(c.parts.http(t, client)))
					if err != nil {
						t.Fatal(err)
					}
					model.CallbacksHandler = a.callbacks()
					return a.asking(model, c.parts)
				},
			})
		})
	}
}

func (p parts) http(t *testing.T, client *sentrial.Client) *http.Client {
	base := &http.Transport{}
	t.Cleanup(base.CloseIdleConnections)
	if p.tap {
		return &http.Client{Transport: httptap.Transport(client, base)}
	}
	return &http.Client{Transport: base}
}

func newAgent(client *sentrial.Client, p parts) *agent {
	a := &agent{client: client, wrapped: p.tool}
	if p.handler {
		a.handler = langchaingo.NewHandler(client, langchaingo.WithoutChainOfThought())
	}
	return a
}

func (a *agent) callbacks() callbacks.Handler {
	if a.handler == nil {
		return nil
	}
	return a.handler
}

func (a *agent) asking(model llms.Model, p parts) agenttest.Agent {
	if a.model = model; p.model {
		a.model = langchaingo.WrapModel(model, a.client)
	}
	if a.wrapped {
		return toolAgent{a}
	}
	return a
}

// Ask has the conversation as langchaingo wants it.
func (a *agent) Ask(ctx context.Context, q agenttest.Question) (answer agenttest.Answer, err error) {
	options := []llms.CallOption{llms.WithMaxTokens(q.MaxTokens), llms.WithTemperature(q.Temperature), llms.WithTools(toolsOf(q.Tools))}
	if q.Stream {
		options = append(options, llms.WithStreamingFunc(func(ctx context.Context, chunk []byte) error {
			if a.handler != nil {
				a.handler.HandleStreamingFunc(ctx, chunk)
			}
			q.Piece(string(chunk))
			return nil
		}))
	}
	res, err := a.generate(ctx, contents(q.Messages), options...)
	if ctx.Err() != nil {
		err = ctx.Err() // the providers say so in words of their own, or take it for the end of the answer
	}
	if err != nil {
		return answer, err
	}
	for _, c := range res.Choices {
		answer.Text += c.Content
		for _, call := range c.ToolCalls {
			answer.ToolCalls = append(answer.ToolCalls, fakellm.ToolCall{ID: call.ID, Name: call.FunctionCall.Name, Arguments: call.FunctionCall.Arguments})
		}
	}
	return answer, nil
}

// generate asks as a chain does, which tells the handler of errors; this provider does not.
func (a *agent) generate(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	if a.handler == nil {
		return a.model.GenerateContent(ctx, messages, options...)
	}
	a.handler.HandleChainStart(ctx, nil)
	res, err := a.model.GenerateContent(ctx, messages, options...)
	if err != nil {
		a.handler.HandleChainError(ctx, err)
	} else {
		a.handler.HandleChainEnd(ctx, nil)
	}
	return res, err
}

// toolAgent records its tools by WrapTool; what calls them is told to the handler, as an executor does.
type toolAgent struct{ *agent }

func (a toolAgent) CallTool(ctx context.Context, call fakellm.ToolCall, run func(context.Context, string) (string, error)) (string, error) {
	arguments, err := json.Marshal(call.Arguments)
	if text, ok := call.Arguments.(string); ok {
		arguments = []byte(text)
	}
	if err != nil {
		return "", err
	}
	if a.handler != nil {
		a.handler.HandleAgentAction(ctx, schema.AgentAction{Tool: call.Name, ToolInput: string(arguments), ToolID: call.ID})
	}
	return langchaingo.WrapTool(&toolFunc{call.Name, run, a.callbacks()}, a.client).Call(ctx, string(arguments))
}

// toolFunc is a tool as langchaingo's own are: it calls the handler by itself.
type toolFunc struct {
	name    string
	run     func(context.Context, string) (string, error)
	handler callbacks.Handler
}

func (f *toolFunc) Name() string      { return f.name }
func (*toolFunc) Description() string { return "does " + "something" }
func (f *toolFunc) Call(ctx context.Context, input string) (string, error) {
	if f.handler == nil {
		return f.run(ctx, input)
	}
	f.handler.HandleToolStart(ctx, input)
	output, err := f.run(ctx, input)
	if err != nil {
		f.handler.HandleToolError(ctx, err)
	} else {
		f.handler.HandleToolEnd(ctx, output)
	}
	return output, err
}

func toolsOf(offered []agenttest.Tool) (list []llms.Tool) {
	for _, t := range offered {
		list = append(list, llms.Tool{Type: "function", Function: &llms.FunctionDefinition{Name: t.Name, Description: t.Description, Parameters: t.Schema}})
	}
	return list
}

var roles = map[string]llms.ChatMessageType{
	"system": llms.ChatMessageTypeSystem, "user": llms.ChatMessageTypeHuman, "assistant": llms.ChatMessageTypeAI, "tool": llms.ChatMessageTypeTool,
}

func contents(messages []types.Message) (list []llms.MessageContent) {
	for _, m := range messages {
		content := llms.MessageContent{Role: roles[m.Role]}
		for _, p := range m.Parts {
			switch p.Type {
			case types.PartToolCall:
				arguments, _ := json.Marshal(p.Arguments)
				content.Parts = append(content.Parts, llms.ToolCall{ID: p.ID, Type: "function", FunctionCall: &llms.FunctionCall{Name: p.Name, Arguments: string(arguments)}})
			case types.PartToolCallResponse:
				response, _ := p.Response.(string)
				content.Parts = append(content.Parts, llms.ToolCallResponse{ToolCallID: p.ID, Name: p.Name, Content: response})
			default:
				content.Parts = append(content.Parts, llms.TextPart(p.Content))
			}
		}
		list = append(list, content)
	}
	return list
}
