package mcpgo_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcpgo"
)

// asServer is set for the process that a test starts to be its MCP server.
const asServer = "MCP_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		if err := serveStdio(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "server:", err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if left := leaked(2 * time.Second); code == 0 && left != "" {
		fmt.Fprintln(os.Stderr, "goroutines were left running:\n"+left)
		code = 1
	}
	os.Exit(code)
}

// serveStdio is the main function of a recorded server.
func serveStdio(ctx context.Context) error {
	client, err := sentrial.New()
	if err != nil {
		return err
	}
	serving := server.NewStdioServer(newServer(server.WithToolHandlerMiddleware(mcpgo.ToolMiddleware(client))))
	return errors.Join(serving.Listen(ctx, os.Stdin, os.Stdout), client.Close(ctx))
}

// leaked gives the stacks of goroutines that sentrial's code runs in or began, once there are none or the time is over.
func leaked(within time.Duration) (left string) {
	for end := time.Now().Add(within); ; runtime.Gosched() {
		stacks := make([]byte, 1<<20)
		left = ""
		for i, stack := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			if i > 0 && strings.Contains(stack, "sentrial/sentrial-go") {
				left += stack + "\n\n"
			}
		}
		if left == "" || time.Now().After(end) {
			return left
		}
	}
}
