package mcp_test

import (
	"context"
	"fmt"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcp"
)

func Example() {
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:7437"), sentrial.WithSampleRate(0)) // of an example nothing is kept
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	defer client.Close(ctx)

	server := sdk.NewServer(&sdk.Implementation{Name: "greeter", Version: "1"}, nil)
	server.AddReceivingMiddleware(mcp.ServerMiddleware(client))
	sdk.AddTool(server, &sdk.Tool{Name: "greet"}, func(_ context.Context, _ *sdk.CallToolRequest, in struct{ Name string }) (*sdk.CallToolResult, any, error) {
		return text("Hello " + in.Name), nil, nil
	})

	agent := sdk.NewClient(&sdk.Implementation{Name: "agent", Version: "1"}, nil)
	agent.AddSendingMiddleware(mcp.ClientMiddleware(client))
	err = client.Run(ctx, "greet", func(ctx context.Context) error {
		here, there := sdk.NewInMemoryTransports()
		serving, err := server.Connect(ctx, there, nil)
		if err != nil {
			return err
		}
		defer serving.Wait() //nolint:errcheck // it ends with the client
		session, err := agent.Connect(ctx, here, nil)
		if err != nil {
			return err
		}
		defer session.Close()
		result, err := session.CallTool(ctx, &sdk.CallToolParams{Name: "greet", Arguments: map[string]any{"Name": "Ada"}})
		if err != nil {
			return err
		}
		fmt.Println(result.Content[0].(*sdk.TextContent).Text)
		return nil
	})
	if err != nil {
		panic(err)
	}
	// Output: Hello Ada
}
