package mcp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// agent is an MCP client that has not connected yet.
func newAgent(middleware ...sdk.Middleware) *sdk.Client {
	agent := sdk.NewClient(&sdk.Implementation{Name: "agent", Version: "1"}, nil)
	agent.AddSendingMiddleware(middleware...)
	return agent
}

// inMemory connects both within this process.
func inMemory(t *testing.T, agent *sdk.Client, middleware ...sdk.Middleware) *sdk.ClientSession {
	t.Helper()
	server := newServer()
	server.AddReceivingMiddleware(middleware...)
	return connectTo(t, server, agent)
}

func connectTo(t *testing.T, server *sdk.Server, agent *sdk.Client) *sdk.ClientSession {
	t.Helper()
	here, there := sdk.NewInMemoryTransports()
	serving, err := server.Connect(context.Background(), there, nil)
	if err != nil {
		t.Fatal(err)
	}
	session := connect(t, agent, here)
	t.Cleanup(func() { serving.Wait() }) //nolint:errcheck // how the connection ended is nothing to this test
	t.Cleanup(func() { session.Close() })
	return session
}

// overHTTP connects them by the streamable transport, or server-sent events, on 127.0.0.1.
func overHTTP(t *testing.T, agent *sdk.Client, sse bool, middleware ...sdk.Middleware) *sdk.ClientSession {
	t.Helper()
	server := newServer()
	server.AddReceivingMiddleware(middleware...)
	get := func(*http.Request) *sdk.Server { return server }
	var handler http.Handler = sdk.NewStreamableHTTPHandler(get, nil)
	if sse {
		handler = sdk.NewSSEHandler(get, nil)
	}
	listening := httptest.NewServer(handler)
	t.Cleanup(listening.Close)
	var transport sdk.Transport = &sdk.StreamableClientTransport{Endpoint: listening.URL, HTTPClient: listening.Client()}
	if sse {
		transport = &sdk.SSEClientTransport{Endpoint: listening.URL, HTTPClient: listening.Client()}
	}
	session := connect(t, agent, transport)
	t.Cleanup(func() { session.Close() })
	return session
}

// overStdio starts this test binary as the server; it records to url.
func overStdio(t *testing.T, agent *sdk.Client, url string) *sdk.ClientSession {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(self)
	command.Env = append(os.Environ(), asServer+"=1", "SENTRIAL_API_URL="+url)
	command.Stderr = os.Stderr
	return connect(t, agent, &sdk.CommandTransport{Command: command})
}

func connect(t *testing.T, agent *sdk.Client, transport sdk.Transport) *sdk.ClientSession {
	t.Helper()
	session, err := agent.Connect(context.Background(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	return session
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

// call makes one call and expects the client to get an answer.
func call(ctx context.Context, t *testing.T, session *sdk.ClientSession, name string, arguments any) *sdk.CallToolResult {
	t.Helper()
	result, err := session.CallTool(ctx, &sdk.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// oslo asks for the weather there.
func oslo(ctx context.Context, t *testing.T, session *sdk.ClientSession) {
	t.Helper()
	result := call(ctx, t, session, "weather", map[string]any{"city": "Oslo"})
	if got := result.Content[0].(*sdk.TextContent).Text; got != `{"celsius":4}` || result.IsError {
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
