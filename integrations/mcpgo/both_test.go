package mcpgo_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcpgo"
	"github.com/sentrial/sentrial-go/sentrialtest"
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
		oslo(begin(t, srv.Client(), "agent"), t, inMemory(t, recorded(srv.Client()), served(there)))
		flush(t, there)
		wantOne(t.Context(), t, srv)
	})
	t.Run("over stdio", func(t *testing.T) {
		srv := sentrialtest.Server(t)
		c := overStdio(t, recorded(srv.Client()), srv.URL())
		oslo(begin(t, srv.Client(), "agent"), t, c)
		if err := c.Close(); err != nil { // the server closes its client before it ends
			t.Error(err)
		}
		wantOne(t.Context(), t, srv)
	})
	for name, sse := range map[string]bool{"over HTTP, trusted": false, "over server-sent events, trusted": true} {
		t.Run(name, func(t *testing.T) {
			srv := sentrialtest.Server(t)
			there := other(t, srv)
			oslo(begin(t, srv.Client(), "agent"), t, overHTTP(t, recorded(srv.Client()), sse, served(there, mcpgo.WithTrustedMeta())))
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
			c := overHTTP(t, recorded(rec.Client()), sse, served(rec.Client(), mcpgo.WithSession(own)))
			oslo(begin(t, rec.Client(), "agent"), t, c)
			rec.WantPath("session agent > tool weather")
			rec.WantPath("session server > tool weather > tool geocode")
			rec.WantNoPath("session agent > tool weather > tool geocode")
		})
	}
}

func TestWithoutMeta(t *testing.T) {
	for name, opts := range map[string][2][]mcpgo.Option{
		"the client writes none": {{mcpgo.WithoutMeta()}, {mcpgo.WithTrustedMeta()}},
		"the server reads none":  {nil, {mcpgo.WithoutMeta(), mcpgo.WithTrustedMeta()}},
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			_, own := rec.Client().CreateSession(t.Context(), "server")
			c := overHTTP(t, recorded(rec.Client(), opts[0]...), false, served(rec.Client(), append(opts[1], mcpgo.WithSession(own))...))
			oslo(begin(t, rec.Client(), "agent"), t, c)
			rec.WantPath("session agent > tool weather")
			rec.WantPath("session server > tool weather > tool geocode")
		})
	}
}

// In one process both share a context too: it is one event even when _meta says nothing.
func TestInOneContext(t *testing.T) {
	rec := sentrialtest.New(t)
	oslo(begin(t, rec.Client(), "agent"), t, inMemory(t, recorded(rec.Client(), mcpgo.WithoutMeta()), served(rec.Client())))
	rec.WantTools("weather", "geocode")
	rec.WantPath("session agent > tool weather > tool geocode")
}

func TestForeignMetaIsHarmless(t *testing.T) {
	rec := sentrialtest.New(t)
	_, own := rec.Client().CreateSession(t.Context(), "server")
	c := inMemory(t, nil, served(rec.Client(), mcpgo.WithSession(own)))
	huge := strings.Repeat("sentrial.session_id=a,", 10_000)
	for _, fields := range []map[string]any{
		nil,
		{"baggage": 7, "traceparent": []any{}, "sentrial.dev/tool_call": map[string]any{}},
		{"baggage": huge, "traceparent": huge, "sentrial.dev/tool_call": huge},
		{"baggage": "sentrial.session_id=a b", "sentrial.dev/tool_call": "evt_1"},
	} {
		asked := request("say", nil)
		asked.Params.Meta = &mcp.Meta{AdditionalFields: fields}
		if _, err := c.CallTool(t.Context(), asked); err != nil {
			t.Error(err)
		}
	}
	rec.In("session server").WantToolCount("say", 4)
}

// A program that records its tools already, and calls MCP in one.
func TestInsideAHelper(t *testing.T) {
	for _, tool := range []string{"weather", "plan a trip"} {
		rec := sentrialtest.New(t)
		c := inMemory(t, recorded(rec.Client()), served(rec.Client()))
		_, err := sentrial.Tool(begin(t, rec.Client(), "agent"), tool, map[string]any{"city": "Oslo"}, func(ctx context.Context, in map[string]any) (any, error) {
			return call(ctx, t, c, "weather", in).StructuredContent, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		rec.WantToolCount("weather", 1)
		rec.WantToolOutputs("weather", forecast{4})
		rec.WantPath("tool " + tool + " >> tool geocode")
		rec.WantPath("session agent >> tool weather > tool geocode")
	}
}

func TestManyCallsAtOnce(t *testing.T) {
	srv := sentrialtest.Server(t)
	there := other(t, srv)
	c := overHTTP(t, recorded(srv.Client()), false, served(there, mcpgo.WithTrustedMeta()))
	const agents, calls = 8, 10
	var all sync.WaitGroup
	for i := range agents {
		ctx := begin(t, srv.Client(), "agent "+strconv.Itoa(i))
		all.Go(func() {
			for range calls {
				oslo(ctx, t, c)
			}
		})
	}
	all.Wait()
	flush(t, there)
	srv.WantToolCount("weather", agents*calls)
	srv.WantToolCount("geocode", agents*calls)
	parents := map[string]string{}
	for _, e := range toolCalls(srv.Recorder, "weather") {
		parents[e.ID] = e.SessionID
	}
	for _, e := range toolCalls(srv.Recorder, "geocode") {
		if parents[e.ParentID] != e.SessionID {
			t.Fatalf("%s in %s is inside of %q", e.ID, e.SessionID, e.ParentID)
		}
		delete(parents, e.ParentID)
	}
}
