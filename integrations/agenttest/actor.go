package agenttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// patience is how long a run may take; a client that waits longer does not do what the script is about.
const patience = 30 * time.Second

// actor is the agent, which asks through a driver.
type actor struct {
	agent          Agent
	driver         Driver
	stream, inside bool          // the answers are streamed; each call is inside of sentrial.LLM
	asked          chan struct{} // gets a value when the server was asked
}

// loopTo asks and runs tools until the model answers.
func loopTo(answer string) func(context.Context, *actor) error {
	return func(ctx context.Context, a *actor) error {
		messages := conversation("Where is my order?")
		for range 4 {
			got, err := a.ask(ctx, messages)
			if err != nil {
				return err
			}
			if len(got.ToolCalls) == 0 {
				return equal("the answer", got.Text, answer)
			}
			messages = append(messages, a.runTools(ctx, got)...)
		}
		return errors.New("the model goes on asking for tools")
	}
}

// wantRefusal asks for something that the model's server does not take.
func wantRefusal(ctx context.Context, a *actor) error {
	_, err := a.ask(ctx, conversation("Is this right?"))
	if err == nil || !strings.Contains(err.Error(), malformed) {
		return fmt.Errorf("asking gave the error %v, it has to tell what the server said: %q", err, malformed)
	}
	return nil
}

// wantAnswer asks a server that fails at first. A client that does not ask again by itself is made to.
func wantAnswer(ctx context.Context, a *actor) error {
	got, err := a.ask(ctx, conversation("Are you there?"))
	if err != nil {
		return err
	}
	return equal("the answer", got.Text, again)
}

// walkAway gives up when the first piece of the answer is there, or, where it comes in one, when the server is at work on it.
func walkAway(ctx context.Context, a *actor) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q := a.question(conversation("Where is my order?"))
	if a.stream {
		q.piece = cancel
	} else {
		go func() {
			defer cancel()
			select {
			case <-a.asked:
			case <-ctx.Done():
			}
		}()
	}
	_, err := a.askOnce(ctx, q)
	if err == nil {
		return errors.New("a call that was cancelled gave no error")
	}
	return nil
}

func conversation(question string) []types.Message {
	return []types.Message{text("system", instruction), text("user", question)}
}

func text(role, content string) types.Message {
	return types.Message{Role: role, Parts: []types.Part{{Type: types.PartText, Content: content}}}
}

func (a *actor) question(messages []types.Message) Question {
	return Question{Model: a.driver.Model, Messages: messages, Tools: []Tool{findOrder}, Stream: a.stream, MaxTokens: 64, Temperature: 0.25}
}

var findOrder = Tool{Name: "find_order", Description: "Finds an order by its id.", Schema: map[string]any{
	"type": "object", "properties": map[string]any{"id": map[string]any{"type": "string"}}, "required": []string{"id"},
}}

func (a *actor) ask(ctx context.Context, messages []types.Message) (Answer, error) {
	return a.askOnce(ctx, a.question(messages))
}

// askOnce makes one call, inside of the helper if this run is about that.
func (a *actor) askOnce(ctx context.Context, q Question) (Answer, error) {
	if !a.inside {
		return a.retry(ctx, q)
	}
	call := types.LLMCall{Model: a.driver.Model, Provider: a.driver.Provider}
	return sentrial.LLM(ctx, call, func(ctx context.Context, _ *types.LLMCall) (Answer, error) { return a.retry(ctx, q) })
}

// retry asks once more after an overload, for clients that do not. Of those that do nothing of it is seen here.
func (a *actor) retry(ctx context.Context, q Question) (Answer, error) {
	got, err := a.agent.Ask(ctx, q)
	if err != nil && strings.Contains(err.Error(), overloaded) {
		return a.agent.Ask(ctx, q)
	}
	return got, err
}

// runTools runs what was asked for; the conversation goes on with the calls and their results.
func (a *actor) runTools(ctx context.Context, got Answer) []types.Message {
	asked := types.Message{Role: "assistant"}
	var results []types.Message
	for _, call := range got.ToolCalls {
		arguments := asJSON(call.Arguments)
		asked.Parts = append(asked.Parts, types.Part{Type: types.PartToolCall, ID: call.ID, Name: call.Name, Arguments: json.RawMessage(arguments)})
		output, err := a.callTool(ctx, call)
		if err != nil {
			output = asJSON(map[string]string{"error": noOrder})
		}
		results = append(results, types.Message{Role: "tool", Name: call.Name, Parts: []types.Part{{
			Type: types.PartToolCallResponse, ID: call.ID, Name: call.Name, Response: output,
		}}})
	}
	return append([]types.Message{asked}, results...)
}

// callTool runs a tool as the integration does, or inside of the helper.
func (a *actor) callTool(ctx context.Context, call fakellm.ToolCall) (string, error) {
	if caller, ok := a.agent.(ToolCaller); ok {
		return caller.CallTool(ctx, call, lookUp)
	}
	input := json.RawMessage(asJSON(call.Arguments))
	output, err := sentrial.Tool(ctx, call.Name, input, func(ctx context.Context, in json.RawMessage) (any, error) {
		output, err := lookUp(ctx, string(in))
		if err != nil {
			return nil, err
		}
		return json.RawMessage(output), nil
	}, sentrial.WithCallID(call.ID))
	return asJSON(output), err
}

// lookUp is the tool find_order.
func lookUp(_ context.Context, arguments string) (string, error) {
	var order struct{ ID string }
	if err := json.Unmarshal([]byte(arguments), &order); err != nil {
		return "", err
	}
	if order.ID != "A-18" {
		return "", errors.New(noOrder)
	}
	return `{"place":"Zürich ☕","days":1}`, nil
}

func equal(what, got, want string) error {
	if got != want {
		return fmt.Errorf("%s is %q, want %q", what, got, want)
	}
	return nil
}

// asJSON writes a value as JSON; a text that is JSON stays as it is.
func asJSON(value any) string {
	if text, ok := value.(string); ok && json.Valid([]byte(text)) {
		return text
	}
	b, err := json.Marshal(value)
	if err != nil {
		return "null"
	}
	return string(b)
}
