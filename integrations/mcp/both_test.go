package mcp_test

import (
	"context"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcp"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// wantOne wants one call of the tool, with what the server's tool did inside.
func wantOne(ctx context.Context, t *testing.T, srv *sentrialtest.ServerRecorder) {
	t.Helper()
	srv.Wait(ctx, func() bool { return len(srv.Decisions()) == 1 && len(srv.ToolCalls()) == 2 })
	srv.WantTools("weather", "geocode")
	srv.WantPath("session agent > tool weather > tool geocode")
	srv.WantPath("session agent > tool weather > decision look up Oslo")
	srv.WantToolInputs("weather", map[string]any{"city": "Oslo"})
	srv.WantToolOutputs("weather", forecast{4})
	if n := len(srv.Sessions()); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestBothSidesAreOneEvent(t *testing.T) {
	t.Run("in memory", func(t *testing.T) {
		srv := sentrialtest.Server(t)
		there := other(t, srv)
		session := inMemory(t, newAgent(mcp.ClientMiddleware(srv.Client())), mcp.ServerMiddleware(there))
		oslo(begin(t, srv.Client(), "agent"), t, session)
		flush(t, there)
		wantOne(t.Context(), t, srv)
	})
	t.Run("over stdio", func(t *testing.T) {
		srv := sentrialtest.Server(t)
		session := overStdio(t, newAgent(mcp.ClientMiddleware(srv.Client())), srv.URL())
		oslo(begin(t, srv.Client(), "agent"), t, session)
		if err := session.Close(); err != nil { // the server closes its client before it ends
			t.Error(err)
		}
		wantOne(t.Context(), t, srv)
	})
	for name, sse := range map[string]bool{"over HTTP, trusted": false, "over server-sent events, trusted": true} {
		t.Run(name, func(t *testing.T) {
			srv := sentrialtest.Server(t)
			there := other(t, srv)
			session := overHTTP(t, newAgent(mcp.ClientMiddleware(srv.Client())), sse, mcp.ServerMiddleware(there, mcp.WithTrustedMeta()))
			oslo(begin(t, srv.Client(), "agent"), t, session)
			flush(t, there)
			wantOne(t.Context(), t, srv)
		})
	}
}

// What comes over HTTP names no session that is written to, unless the program trusts it: the server's call is its own.
func TestMetaFromAfarIsNotTrusted(t *testing.T) {
	for name, sse := range map[string]bool{"streamable": false, "server-sent events": true} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			_, own := rec.Client().CreateSession(t.Context(), "server")
			session := overHTTP(t, newAgent(mcp.ClientMiddleware(rec.Client())), sse, mcp.ServerMiddleware(rec.Client(), mcp.WithSession(own)))
			oslo(begin(t, rec.Client(), "agent"), t, session)
			rec.WantPath("session agent > tool weather")
			rec.WantPath("session server > tool weather > tool geocode")
			rec.WantNoPath("session agent > tool weather > tool geocode")
			if calls := toolCalls(rec, "weather"); !sse && calls[0].Metadata["mcp.session.id"] == nil {
				t.Errorf("the metadata is %v", calls[0].Metadata)
			}
		})
	}
}

func TestWithoutMeta(t *testing.T) {
	for name, opts := range map[string][2][]mcp.Option{
		"the client writes none": {{mcp.WithoutMeta()}, nil},
		"the server reads none":  {nil, {mcp.WithoutMeta(), mcp.WithTrustedMeta()}},
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			_, own := rec.Client().CreateSession(t.Context(), "server")
			session := inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client(), opts[0]...)),
				mcp.ServerMiddleware(rec.Client(), append(opts[1], mcp.WithSession(own))...))
			oslo(begin(t, rec.Client(), "agent"), t, session)
			rec.WantPath("session agent > tool weather")
			rec.WantPath("session server > tool weather > tool geocode")
		})
	}
}

// A client that hands its session on and does not record the call leaves that to the server.
func TestASessionWithoutACall(t *testing.T) {
	rec := sentrialtest.New(t)
	session := inMemory(t, newAgent(), mcp.ServerMiddleware(rec.Client()))
	meta := sentrial.MapCarrier{}
	sentrial.Inject(begin(t, rec.Client(), "agent"), meta)
	params := &sdk.CallToolParams{Name: "weather", Arguments: place{"Oslo"}, Meta: sdk.Meta{"baggage": meta["baggage"]}}
	if _, err := session.CallTool(t.Context(), params); err != nil {
		t.Fatal(err)
	}
	rec.WantPath("session agent > tool weather > tool geocode")
}

func TestForeignMetaIsHarmless(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, own := rec.Client().CreateSession(t.Context(), "server")
	session := inMemory(t, newAgent(), mcp.ServerMiddleware(rec.Client(), mcp.WithSession(own)))
	huge := strings.Repeat("sentrial.session_id=a,", 10_000)
	for _, meta := range []sdk.Meta{
		{"baggage": 7, "traceparent": []any{}, "sentrial.dev/tool_call": map[string]any{}},
		{"baggage": huge, "traceparent": huge, "sentrial.dev/tool_call": huge},
		{"baggage": "sentrial.session_id=a b", "sentrial.dev/tool_call": "evt_1"},
		{"sentrial.dev/tool_call": "evt_1"},
	} {
		params := &sdk.CallToolParams{Name: "say", Arguments: map[string]any{}, Meta: meta}
		if _, err := session.CallTool(t.Context(), params); err != nil {
			t.Error(err)
		}
	}
	own.Close(ctx, types.SessionResult{})
	rec.WantToolCount("say", 4)
	rec.In("session server").WantToolCount("say", 4)
}

func flush(t *testing.T, client *sentrial.Client) {
	t.Helper()
	if err := client.Flush(t.Context()); err != nil {
		t.Error(err)
	}
}
