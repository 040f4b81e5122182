package mcpgo_test

import (
	"context"
	"fmt"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcpgo"
)

func Example() {
	recording, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:7437"), sentrial.WithSampleRate(0)) // of an example nothing is kept
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	defer recording.Close(ctx)

	s := server.NewMCPServer("greeter", "1", server.WithToolHandlerMiddleware(mcpgo.ToolMiddleware(recording)))
	s.AddTool(mcp.NewTool("greet"), func(_ context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText("Hello " + req.GetString("name", "")), nil
	})

	err = recording.Run(ctx, "greet", func(ctx context.Context) error {
		c, err := client.NewInProcessClient(s)
		if err != nil {
			return err
		}
		defer c.Close()
		agent := mcpgo.WrapClient(c, recording)
		if _, err := agent.Initialize(ctx, mcp.InitializeRequest{}); err != nil {
			return err
		}
		result, err := agent.CallTool(ctx, mcp.CallToolRequest{Params: mcp.CallToolParams{Name: "greet", Arguments: map[string]any{"name": "Ada"}}})
		if err != nil {
			return err
		}
		fmt.Println(result.Content[0].(mcp.TextContent).Text)
		return nil
	})
	if err != nil {
		panic(err)
	}
	// Output: Hello Ada
}
