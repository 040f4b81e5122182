// Command testing is an agent, and its tests: they script the model and look at what the agent recorded, not at its insides. docs/testing-an-agent.md
// tells the story.
//
//	go test ./examples/testing
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/testing
package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// model is the agent's brain: told what was said so far, it decides what comes next.
type model func(ctx context.Context, conversation []string) (move, error)

// move is a tool to call, or the answer.
type move struct {
	Tool, Input string
	Answer      string
	In, Out     int // tokens
}

// tool looks something up.
type tool func(ctx context.Context, input string) (string, error)

type agent struct {
	client *sentrial.Client
	model  model
	tools  map[string]tool
}

const (
	maxTurns  = 5
	firstWait = time.Minute // then twice as long, and twice again
	lastWait  = 4 * time.Minute
)

var (
	errOverloaded = errors.New("the model is overloaded")
	errTurns      = errors.New("no answer after all turns")
	errNoTool     = errors.New("there is no such tool")
)

// answer lets the model call tools until it has an answer.
func (a *agent) answer(ctx context.Context, question string) (answer string, err error) {
	err = a.client.Run(ctx, "answer", func(ctx context.Context) error {
		conversation := []string{question}
		for range maxTurns {
			next, err := a.think(ctx, conversation)
			if err != nil {
				return err
			}
			if next.Tool == "" {
				answer = next.Answer
				return nil
			}
			conversation = append(conversation, a.use(ctx, next))
		}
		return errTurns
	}, sentrial.WithInput(question))
	return answer, err
}

// think asks the model, again and again later while it is overloaded.
func (a *agent) think(ctx context.Context, conversation []string) (move, error) {
	for wait := firstWait; ; wait *= 2 {
		next, err := a.ask(ctx, conversation)
		if !errors.Is(err, errOverloaded) || wait > lastWait {
			return next, err
		}
		sentrial.ReportError(ctx, err, sentrial.Recoverable("ask again in "+wait.String()), sentrial.WithErrorType("overloaded"))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return move{}, ctx.Err()
		}
	}
}

func (a *agent) ask(ctx context.Context, conversation []string) (move, error) {
	call := types.LLMCall{Model: "small", Prompt: strings.Join(conversation, "\n")}
	return sentrial.LLM(ctx, call, func(ctx context.Context, call *types.LLMCall) (move, error) {
		next, err := a.model(ctx, conversation)
		call.Response = strings.TrimSpace(next.Tool + " " + next.Input + next.Answer)
		call.Usage = types.Usage{PromptTokens: next.In, CompletionTokens: next.Out}
		call.Cost = sentrial.Ptr(float64(next.In+4*next.Out) / 1e6)
		return next, err
	})
}

// use calls a tool. The model hears what came of it, also when it failed.
func (a *agent) use(ctx context.Context, next move) string {
	call := a.tools[next.Tool]
	if call == nil {
		call = func(context.Context, string) (string, error) { return "", errNoTool }
	}
	found, err := sentrial.Tool(ctx, next.Tool, next.Input, call)
	if err != nil {
		sentrial.ReportError(ctx, err, sentrial.Recoverable("tell the model"), sentrial.WithErrorType("tool"))
		return next.Tool + " failed: " + err.Error()
	}
	return next.Tool + " found: " + found
}
