package langchaingo_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/agents"
	"github.com/tmc/langchaingo/chains"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/tools"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/types"
)

// fromPython is the program of docs/from-python.md.
func fromPython(ctx context.Context, client *sentrial.Client, session *sentrial.Session, model llms.Model, findOrder tools.Tool, question string) (string, error) {
	handler := langchaingo.NewHandler(client, langchaingo.WithSession(session), langchaingo.WithVerbose(os.Stdout))
	agent := agents.NewOneShotAgent(model, []tools.Tool{findOrder}, agents.WithCallbacksHandler(handler))
	answer, err := chains.Run(ctx, agents.NewExecutor(agent, agents.WithCallbacksHandler(handler)), question)
	return answer, err
}

// What the page on Python promises of the handler, in a session that only the handler knows.
func TestFromPython(t *testing.T) {
	k := newKit(t, parts{}, thinking)
	_, session := k.client.CreateSession(t.Context(), "Help the customer")
	all := langchaingo.WrapTool(&toolFunc{"find_order", func(context.Context, string) (string, error) { return "42", nil }, nil}, k.client, langchaingo.WithSession(session))
	_, err := fromPython(t.Context(), k.client, session, langchaingo.WrapModel(k.model(t, "openai"), k.client, langchaingo.WithSession(session)), all, "How many parcels?")
	must(t, err)
	session.Close(t.Context(), types.SessionResult{})
	k.rec.WantPath("Help the customer > agent > tool find_order")
	k.rec.WantPath("agent > chain > llm gpt-4o")
	if r := k.result(t); r.Status != types.StatusSuccess || r.Output == nil || len(k.rec.Decisions()) == 0 {
		t.Errorf("result = %+v", r)
	}
}

// The page shows what is compiled here.
func TestFromPythonIsTheProgram(t *testing.T) {
	page, err := os.ReadFile("../../docs/from-python.md")
	must(t, err)
	program, err := os.ReadFile("frompython_test.go")
	must(t, err)
	_, block, _ := strings.Cut(string(page), "```golang\n")
	block, _, found := strings.Cut(block, "```")
	if !found || !strings.Contains(strings.ReplaceAll(string(program), "\n\t", "\n"), "\n"+block) {
		t.Errorf("the page has another program:\n%s", block)
	}
}
