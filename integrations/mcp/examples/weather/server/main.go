// Command server is an MCP server over standard input and output with one tool, weather. What the tool does is recorded inside the call of the client that started
// it: see the command client beside it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	sentrialmcp "github.com/sentrial/sentrial-go/integrations/mcp"
)

type place struct {
	City string `json:"city" jsonschema:"where, such as Oslo"`
}

type forecast struct {
	Text    string  `json:"text"`
	Celsius float64 `json:"celsius"`
}

func main() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "weather", Version: "1"}, nil)
	server.AddReceivingMiddleware(sentrialmcp.ServerMiddleware(client)) // the one line
	mcp.AddTool(server, &mcp.Tool{Name: "weather", Description: "Says what the weather is like."}, weather)
	err = server.Run(ctx, &mcp.StdioTransport{})                // until the client goes
	if err := errors.Join(err, client.Close(ctx)); err != nil { // each process delivers what it recorded
		log.Fatal(err)
	}
}

// weather is the tool. ctx is inside the client's call, so this is recorded there.
func weather(ctx context.Context, _ *mcp.CallToolRequest, in place) (*mcp.CallToolResult, forecast, error) {
	latitude, err := sentrial.Tool(ctx, "geocode", in.City, geocode)
	if err != nil {
		return nil, forecast{}, err
	}
	celsius := math.Round(30 - latitude/3) // no forecast, only an example
	return nil, forecast{fmt.Sprintf("%.0f degrees in %s", celsius, in.City), celsius}, nil
}

func geocode(_ context.Context, city string) (float64, error) {
	latitude, ok := map[string]float64{"Oslo": 59.9, "Quito": -0.2, "Lima": -12.0}[city]
	if !ok {
		return 0, fmt.Errorf("%s is on no map of ours", city)
	}
	return latitude, nil
}
