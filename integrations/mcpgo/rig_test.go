package mcpgo_test

import (
	"context"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcpgo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// wrap is how an agent's client is recorded; nil leaves it as it is.
type wrap func(client.MCPClient) client.MCPClient

func recorded(by *sentrial.Client, opts ...mcpgo.Option) wrap {
	return func(c client.MCPClient) client.MCPClient { return mcpgo.WrapClient(c, by, opts...) }
}

func served(by *sentrial.Client, opts ...mcpgo.Option) server.ServerOption {
	return server.WithToolHandlerMiddleware(mcpgo.ToolMiddleware(by, opts...))
}

// inMemory connects both within this process.
func inMemory(t *testing.T, agent wrap, opts ...server.ServerOption) client.MCPClient {
	t.Helper()
	c, err := client.NewInProcessClient(newServer(opts...))
	return connect(t, c, err, agent)
}

// overHTTP connects them by the streamable transport, or server-sent events, on 127.0.0.1.
func overHTTP(t *testing.T, agent wrap, sse bool, opts ...server.ServerOption) client.MCPClient {
	t.Helper()
	if sse {
		handler := server.NewSSEServer(newServer(opts...))
		listening := httptest.NewServer(handler)
		t.Cleanup(listening.Close)
		c, err := client.NewSSEMCPClient(listening.URL + "/sse")
		return connect(t, c, err, agent)
	}
	listening := httptest.NewServer(server.NewStreamableHTTPServer(newServer(opts...)))
	t.Cleanup(listening.Close)
	c, err := client.NewStreamableHttpClient(listening.URL + "/mcp")
	return connect(t, c, err, agent)
}

// overStdio starts this test binary as the server; it records to url.
func overStdio(t *testing.T, agent wrap, url string) client.MCPClient {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.NewStdioMCPClient(self, []string{asServer + "=1", "SENTRIAL_API_URL=" + url})
	return connect(t, c, err, agent)
}

func connect(t *testing.T, c *client.Client, err error, agent wrap) client.MCPClient {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	var connected client.MCPClient = c
	if agent != nil {
		connected = agent(c)
	}
	request := mcp.InitializeRequest{Params: mcp.InitializeParams{ClientInfo: mcp.Implementation{Name: "agent", Version: "1"}}}
	if _, err := connected.Initialize(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	return connected
}

// other is the client of another process, that records to the same server.
func other(t *testing.T, srv *sentrialtest.ServerRecorder) *sentrial.Client {
	t.Helper()
	client, err := sentrial.New(sentrial.WithAPIURL(srv.URL()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(context.Background()) })
	return client
}

func flush(t *testing.T, client *sentrial.Client) {
	t.Helper()
	if err := client.Flush(t.Context()); err != nil {
		t.Error(err)
	}
}

func request(name string, arguments any) mcp.CallToolRequest {
	return mcp.CallToolRequest{Params: mcp.CallToolParams{Name: name, Arguments: arguments}}
}

// call makes one call and expects the client to get an answer.
func call(ctx context.Context, t *testing.T, c client.MCPClient, name string, arguments any) *mcp.CallToolResult {
	t.Helper()
	result, err := c.CallTool(ctx, request(name, arguments))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// oslo asks for the weather there.
func oslo(ctx context.Context, t *testing.T, c client.MCPClient) {
	t.Helper()
	result := call(ctx, t, c, "weather", map[string]any{"city": "Oslo"})
	if got := result.Content[0].(mcp.TextContent).Text; got != `{"celsius":4}` || result.IsError {
		t.Errorf("the tool said %s", got)
	}
}

// begin gives a context in a session that ends with the test.
func begin(t *testing.T, client *sentrial.Client, name string) context.Context {
	t.Helper()
	ctx, session := client.CreateSession(t.Context(), name)
	t.Cleanup(func() { session.Close(context.Background(), types.SessionResult{}) })
	return ctx
}

// toolCalls gives the calls of one tool with their envelopes.
func toolCalls(rec *sentrialtest.Recorder, name string) (calls []types.Event) {
	for _, e := range rec.Events() {
		if e.ToolCall != nil && e.ToolCall.ToolName == name {
			calls = append(calls, e)
		}
	}
	return calls
}

func only(t *testing.T, rec *sentrialtest.Recorder, name string) types.Event {
	t.Helper()
	calls := toolCalls(rec, name)
	if len(calls) != 1 {
		t.Fatalf("%d calls of %s:\n%s", len(calls), name, rec.Timeline())
	}
	return calls[0]
}
