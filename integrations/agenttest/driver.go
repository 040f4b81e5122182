package agenttest

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// Driver asks a model through one integration.
type Driver struct {
	Name     string
	Model    string // to ask for; "" = gpt-4o-mini
	Provider string // that the integration names; "" = openai
	// Operation that the integration names; "" = chat.
	Operation string
	// Lacks are the facts that this way cannot tell, as expected.json names them: "reasoning_tokens", "call_ids", … They are not compared. Each has to be
	// missing at least once, so that the list stays true. type, inside, name and status cannot be among them. Besides there is RetriesApart.
	Lacks []string
	// Open makes the client under test. It asks the server at baseURL, which has no path, records by client, and ends with t.
	Open func(t *testing.T, baseURL string, client *sentrial.Client) Agent
}

// RetriesApart among what a driver lacks says that each try of a call is an event of its own, unless a helper is around them.
const RetriesApart = "retries_apart"

// Agent is a client of a model.
type Agent interface {
	// Ask sends the conversation and gives the answer back, or what went wrong. ctx has the session.
	Ask(ctx context.Context, q Question) (Answer, error)
}

// ToolCaller is an Agent whose integration records tools too; in half of the runs it does so inside of [sentrial.Tool]. The tools of other agents run there always.
type ToolCaller interface {
	// CallTool runs the tool as the integration does. run is the tool: it takes its arguments as JSON and gives its output as JSON, or an error.
	CallTool(ctx context.Context, call fakellm.ToolCall, run func(ctx context.Context, arguments string) (string, error)) (string, error)
}

// Question is what the agent asks the model.
type Question struct {
	Model       string
	Messages    []types.Message // roles system, user, assistant and tool; results of tools are JSON objects as text
	Tools       []Tool
	Stream      bool
	MaxTokens   int
	Temperature float64

	piece func()
}

// Piece is to be called with each piece of a streamed text, as soon as it came.
func (q Question) Piece(text string) {
	if text != "" && q.piece != nil {
		q.piece()
	}
}

// Tool is a tool on offer.
type Tool struct {
	Name, Description string
	Schema            map[string]any // JSON schema of its arguments
}

// Answer is what the model said. Arguments of a call may be a value, a json.RawMessage or a text that is JSON.
type Answer struct {
	Text      string
	ToolCalls []fakellm.ToolCall
}
