// Command client starts an MCP server and asks its tool weather about each city. Both processes record into one session: each call once, and inside it what the
// server did. In integrations/mcp, with a sentrial serve to look at:
//
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/weather/client Oslo Atlantis
//
// -server is the command that starts the server, when it is not to be built from the folder beside this one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	sentrialmcp "github.com/sentrial/sentrial-go/integrations/mcp"
)

func main() {
	server := flag.String("server", "go run github.com/sentrial/sentrial-go/integrations/mcp/examples/weather/server", "the `command` that starts the server")
	flag.Parse()
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	err = client.Run(ctx, "weather", func(ctx context.Context) error {
		return ask(ctx, client, strings.Fields(*server), flag.Args())
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

func ask(ctx context.Context, client *sentrial.Client, command, cities []string) error {
	agent := mcp.NewClient(&mcp.Implementation{Name: "agent", Version: "1"}, nil)
	agent.AddSendingMiddleware(sentrialmcp.ClientMiddleware(client)) // the one line
	cmd := exec.Command(command[0], command[1:]...)                  //nolint:gosec,noctx // the user's own command, which ends when its input does
	cmd.Stderr = os.Stderr
	session, err := agent.Connect(ctx, &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		return err
	}
	for _, city := range cities {
		result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "weather", Arguments: map[string]any{"city": city}})
		if err != nil {
			return errors.Join(err, session.Close())
		}
		fmt.Println(city+":", said(result))
	}
	return session.Close() // and wait for the server, which delivers what it recorded
}

func said(result *mcp.CallToolResult) (text string) {
	for _, part := range result.Content {
		if part, ok := part.(*mcp.TextContent); ok {
			text += part.Text
		}
	}
	return text
}
