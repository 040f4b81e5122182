package mcp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/integrations/mcp"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// An agent whose one HTTP client is recorded asks its model and its MCP server with it: each of the two is recorded by who knows it.
func TestBesideARecordedModel(t *testing.T) {
	srv := sentrialtest.Server(t)
	there := other(t, srv)
	llm, err := fakellm.Start(fakellm.WithBrain(func(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "ask the weather"} }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(llm.Close)
	server := newServer()
	server.AddReceivingMiddleware(mcp.ServerMiddleware(there, mcp.WithTrustedMeta()))
	listening := httptest.NewServer(sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return server }, nil))
	t.Cleanup(listening.Close)
	recorded := &http.Client{Transport: httptap.Transport(srv.Client(), nil)}
	session := connect(t, newAgent(mcp.ClientMiddleware(srv.Client())), &sdk.StreamableClientTransport{Endpoint: listening.URL, HTTPClient: recorded})
	t.Cleanup(func() { session.Close() })

	ctx := begin(t, srv.Client(), "agent")
	body := `{"model":"gpt","messages":[{"role":"user","content":"Is it cold?"}]}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, llm.URL()+"/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := recorded.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	oslo(ctx, t, session)
	flush(t, there)
	srv.WantLLMCalls(1)
	srv.WantTools("weather", "geocode")
	srv.WantPath("session agent > tool weather > tool geocode")
}
