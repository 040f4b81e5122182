// Command functions is an agent on Google's own client: Gemini asks for functions, the program calls them and asks again, until Gemini answers. NewClient of this
// integration records all calls of the model; each function is recorded by sentrial.Tool. In integrations/genai:
//
//	GEMINI_API_KEY=… SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/functions "Throw two dice"
//
// Without GEMINI_API_KEY a stand-in in this process answers; it is no model. `sentrial serve` listens at the address above and shows what came.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"google.golang.org/genai"

	"github.com/sentrial/sentrial-go"
	sentrialgenai "github.com/sentrial/sentrial-go/integrations/genai"
	"github.com/sentrial/sentrial-go/types"
)

func main() {
	question := cmp.Or(strings.Join(os.Args[1:], " "), "Throw two dice")
	if err := run(context.Background(), os.Stdout, question); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, question string) error {
	client, err := sentrial.New()
	if err != nil {
		return err
	}
	config, stop, err := provider(out)
	if err != nil {
		return err
	}
	defer stop()
	model, err := sentrialgenai.NewClient(ctx, client, config) // this is the one line, in the place of genai.NewClient
	if err != nil {
		return errors.Join(err, client.Close(ctx))
	}
	err = client.Run(ctx, "functions", func(ctx context.Context) error {
		text, err := answer(ctx, model, question)
		sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Output: text})
		fmt.Fprintln(out, text)
		return err
	}, sentrial.WithAgentName("dice-agent"), sentrial.WithInput(question))
	return errors.Join(err, client.Close(ctx))
}

// answer is the loop.
func answer(ctx context.Context, model *genai.Client, question string) (string, error) {
	talk := genai.Text(question)
	for range 10 {
		reply, err := model.Models.GenerateContent(ctx, modelName(), talk, &genai.GenerateContentConfig{Tools: offered})
		if err != nil {
			return "", err
		}
		calls := reply.FunctionCalls()
		if len(calls) == 0 {
			return reply.Text(), nil
		}
		talk = append(talk, reply.Candidates[0].Content)
		for _, call := range calls {
			talk = append(talk, genai.NewContentFromParts([]*genai.Part{use(ctx, call)}, genai.RoleUser))
		}
	}
	return "", errors.New("no answer after 10 turns")
}
