package adapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// Model is what some framework calls models through.
type Model interface {
	Generate(ctx context.Context, prompt string) (string, error)
}

// recorded is an adapter: a model that records each call of another one.
type recorded struct {
	Model

	recorder *adapter.Recorder
}

func (m recorded) Generate(ctx context.Context, prompt string) (string, error) {
	ctx, call := m.recorder.LLM(ctx, types.LLMCall{Model: "parrot-1", Provider: "parrots", Prompt: prompt})
	answer, err := m.Model.Generate(ctx, prompt)
	call.Response = answer
	call.End(err)
	return answer, err
}

type parrot struct{}

func (parrot) Generate(_ context.Context, prompt string) (string, error) { return prompt, nil }

// An adapter records what passes through it. Inside a call that the program records itself, or another adapter does, it adds what it knows.
func Example() {
	record(func(ctx context.Context, client *sentrial.Client) error {
		model := recorded{parrot{}, adapter.New(client, nil)}
		if _, err := model.Generate(ctx, "hello"); err != nil {
			return err
		}
		_, err := sentrial.LLM(ctx, types.LLMCall{Prompt: "own words"}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
			return model.Generate(ctx, "hello again")
		})
		return err
	})
	// Output:
	// llm_call parrot-1 "hello"
	// llm_call parrot-1 "own words"
}

// A tool of the same name inside a tool is the same call, seen twice; Apart says that it is another one.
func ExampleRecorder_Apart() {
	record(func(ctx context.Context, client *sentrial.Client) error {
		recorder := adapter.New(client, nil)
		ctx, outer := recorder.Tool(ctx, types.ToolCall{ToolName: "search", ToolInput: "cats"})
		_, again := recorder.Tool(ctx, types.ToolCall{ToolName: "mcp.search", ToolInput: "cats"})
		again.End(nil)
		_, inner := recorder.Tool(recorder.Apart(ctx), types.ToolCall{ToolName: "search", ToolInput: "big cats"})
		inner.End(nil)
		outer.End(nil)
		return nil
	})
	// Output:
	// tool_call search(big cats)
	// tool_call search(cats)
}

// listener is an adapter of a framework that tells of beginnings and ends, on one goroutine, and gives no context back.
type listener struct {
	recorder *adapter.Recorder
	call     *adapter.LLM
	leave    func()
}

func (l *listener) begun(ctx context.Context, prompt string) {
	var inside context.Context
	inside, l.call = l.recorder.LLM(ctx, types.LLMCall{Prompt: prompt})
	l.leave = l.recorder.Enter(ctx, inside, nil)
}

func (l *listener) ended(err error) {
	l.leave()
	l.call.End(err)
}

// What happens between two callbacks has the context from before them, and is inside all the same.
func ExampleRecorder_Enter() {
	record(func(ctx context.Context, client *sentrial.Client) error {
		framework := &listener{recorder: adapter.New(client, nil)}
		framework.begun(ctx, "as the framework has it")
		_, err := recorded{parrot{}, adapter.New(client, nil)}.Generate(ctx, "as it is sent")
		framework.ended(err)
		return err
	})
	// Output:
	// llm_call parrot-1 "as it is sent"
}

// A call whose end the framework may never tell is ended by the next Flush, unless it was over with the call around it. How it ended, those inside may have said.
func ExampleRecorder_Follow() {
	record(func(ctx context.Context, client *sentrial.Client) error {
		recorder := adapter.New(client, nil)
		ctx, call := recorder.LLM(ctx, types.LLMCall{Prompt: "hello"})
		stop := recorder.Follow(func(context.Context, bool) {
			if !call.Live() {
				return
			}
			if call.Status, call.Error = call.Told(); call.Status == "" {
				call.Status = types.StatusUnknown
			}
			call.End(nil)
		})
		defer stop()
		_, inside := recorder.LLM(ctx, types.LLMCall{Model: "parrot-1"})
		inside.End(errors.New("overloaded"))
		return client.Flush(ctx)
	})
	// Output:
	// llm_call parrot-1 "hello": error overloaded
}

// record prints the calls of a session.
func record(agent func(ctx context.Context, client *sentrial.Client) error) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var batch struct{ Events []types.Event }
		if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for _, e := range batch.Events {
			show(e)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"accepted":%d,"duplicates":0,"rejected":[]}`, len(batch.Events))
	}))
	defer server.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	err = client.Run(ctx, "agent", func(ctx context.Context) error { return agent(ctx, client) })
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

func show(e types.Event) {
	switch {
	case e.Status == types.StatusRunning: // its end will come
	case e.LLMCall != nil && e.LLMCall.Error != "":
		fmt.Printf("%s %s %q: %s %s\n", e.Type, e.LLMCall.Model, e.LLMCall.Prompt, e.LLMCall.Status, e.LLMCall.Error)
	case e.LLMCall != nil:
		fmt.Printf("%s %s %q\n", e.Type, e.LLMCall.Model, e.LLMCall.Prompt)
	case e.ToolCall != nil:
		fmt.Printf("%s %s(%v)\n", e.Type, e.ToolCall.ToolName, e.ToolCall.ToolInput)
	}
}
