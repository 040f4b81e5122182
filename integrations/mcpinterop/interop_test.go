package mcpinterop_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	mcpgoclient "github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	mcpgo "github.com/mark3labs/mcp-go/mcp"
	mcpgoserver "github.com/mark3labs/mcp-go/server"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	sentrialmcp "github.com/sentrial/sentrial-go/integrations/mcp"
	sentrialmcpgo "github.com/sentrial/sentrial-go/integrations/mcpgo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// geocode is what the server's tool does inside.
func geocode(ctx context.Context) string {
	name, _ := sentrial.Tool(ctx, "geocode", "Oslo", func(context.Context, string) (string, error) { return "59.9 N", nil })
	return name
}

// sdkServer serves the tool weather with go-sdk.
func sdkServer(client *sentrial.Client, opts ...sentrialmcp.Option) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "weather", Version: "1"}, nil)
	s.AddReceivingMiddleware(sentrialmcp.ServerMiddleware(client, opts...))
	s.AddTool(&mcp.Tool{Name: "weather", InputSchema: map[string]any{"type": "object"}}, func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: geocode(ctx)}}}, nil
	})
	return s
}

// mcpgoServer serves it with mcp-go.
func mcpgoServer(client *sentrial.Client, opts ...sentrialmcpgo.Option) *mcpgoserver.MCPServer {
	s := mcpgoserver.NewMCPServer("weather", "1", mcpgoserver.WithToolHandlerMiddleware(sentrialmcpgo.ToolMiddleware(client, opts...)))
	s.AddTool(mcpgo.NewTool("weather"), func(ctx context.Context, _ mcpgo.CallToolRequest) (*mcpgo.CallToolResult, error) {
		return mcpgo.NewToolResultText(geocode(ctx)), nil
	})
	return s
}

// sdkCalls calls it with go-sdk.
func sdkCalls(ctx context.Context, t *testing.T, client *sentrial.Client, over mcp.Transport) {
	t.Helper()
	agent := mcp.NewClient(&mcp.Implementation{Name: "agent", Version: "1"}, nil)
	agent.AddSendingMiddleware(sentrialmcp.ClientMiddleware(client))
	session, err := agent.Connect(ctx, over, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if _, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "weather"}); err != nil {
		t.Fatal(err)
	}
}

// mcpgoCalls calls it with mcp-go.
func mcpgoCalls(ctx context.Context, t *testing.T, client *sentrial.Client, over transport.Interface) {
	t.Helper()
	raw := mcpgoclient.NewClient(over)
	defer raw.Close()
	if err := raw.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	agent := sentrialmcpgo.WrapClient(raw, client)
	init := mcpgo.InitializeRequest{Params: mcpgo.InitializeParams{
		ProtocolVersion: mcpgo.LATEST_LEGACY_PROTOCOL_VERSION, // go-sdk refuses the newest one over HTTP, unless it is asked to be stateless
		ClientInfo:      mcpgo.Implementation{Name: "agent", Version: "1"},
	}}
	if _, err := agent.Initialize(ctx, init); err != nil {
		t.Fatal(err)
	}
	if _, err := agent.CallTool(ctx, mcpgo.CallToolRequest{Params: mcpgo.CallToolParams{Name: "weather"}}); err != nil {
		t.Fatal(err)
	}
}

// served gives the URL of a handler on 127.0.0.1.
func served(t *testing.T, handler http.Handler) string {
	t.Helper()
	listening := httptest.NewServer(handler)
	t.Cleanup(listening.Close)
	return listening.URL + "/mcp"
}

func TestEachWithTheOther(t *testing.T) {
	for name, meet := range map[string]func(ctx context.Context, t *testing.T, here, there *sentrial.Client){
		"go-sdk calls mcp-go over HTTP": func(ctx context.Context, t *testing.T, here, there *sentrial.Client) {
			url := served(t, mcpgoserver.NewStreamableHTTPServer(mcpgoServer(there, sentrialmcpgo.WithTrustedMeta())))
			sdkCalls(ctx, t, here, &mcp.StreamableClientTransport{Endpoint: url})
		},
		"mcp-go calls go-sdk over HTTP": func(ctx context.Context, t *testing.T, here, there *sentrial.Client) {
			s := sdkServer(there, sentrialmcp.WithTrustedMeta())
			url := served(t, mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, nil))
			over, err := transport.NewStreamableHTTP(url)
			if err != nil {
				t.Fatal(err)
			}
			mcpgoCalls(ctx, t, here, over)
		},
		"go-sdk calls mcp-go over pipes": func(ctx context.Context, t *testing.T, here, there *sentrial.Client) {
			in, toServer := io.Pipe()
			fromServer, out := io.Pipe()
			done := make(chan error, 1)
			go func() { done <- mcpgoserver.NewStdioServer(mcpgoServer(there)).Listen(context.Background(), in, out) }()
			sdkCalls(ctx, t, here, &mcp.IOTransport{Reader: fromServer, Writer: toServer})
			toServer.Close()
			if err := <-done; err != nil {
				t.Error(err)
			}
		},
		"mcp-go calls go-sdk over pipes": func(ctx context.Context, t *testing.T, here, there *sentrial.Client) {
			in, toServer := io.Pipe()
			fromServer, out := io.Pipe()
			serving, err := sdkServer(there).Connect(context.Background(), &mcp.IOTransport{Reader: in, Writer: out}, nil)
			if err != nil {
				t.Fatal(err)
			}
			mcpgoCalls(ctx, t, here, transport.NewIO(fromServer, toServer, io.NopCloser(http.NoBody)))
			toServer.Close()
			_ = serving.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := sentrialtest.Server(t)
			there, err := sentrial.New(sentrial.WithAPIURL(srv.URL()))
			if err != nil {
				t.Fatal(err)
			}
			ctx, session := srv.Client().CreateSession(t.Context(), "agent")
			meet(ctx, t, srv.Client(), there)
			session.Close(ctx, types.SessionResult{})
			if err := there.Close(t.Context()); err != nil {
				t.Error(err)
			}
			srv.WantTools("weather", "geocode")
			srv.WantPath("session agent > tool weather > tool geocode")
			srv.WantToolOutputs("weather", "59.9 N")
			srv.WantNoErrors()
		})
	}
}
