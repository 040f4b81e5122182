package agenttest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go"
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
		return fmt.Errorf("asking has to fail with what the server said, %q, not with: %w", malformed, cmp.Or(err, errNone))
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
	switch {
	case ctx.Err() == nil, errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("the agent never walked away: does Ask call Question.Piece? The call ended with: %w", cmp.Or(err, errNone))
	case err == nil:
		return errors.New("a call that was cancelled gave no error")
	}
	return nil
}

var errNone = errors.New("no error")

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
