package mcp_test

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace" //nolint:depguard // what is tested is the one beside the other
	"go.opentelemetry.io/otel/trace"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcp"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// ask calls the weather tool inside a helper of that name, as a program does that records its tools already.
func ask(ctx context.Context, t *testing.T, session *sdk.ClientSession, tool string) {
	t.Helper()
	_, err := sentrial.Tool(ctx, tool, map[string]any{"city": "Oslo"}, func(ctx context.Context, in map[string]any) (any, error) {
		return call(ctx, t, session, "weather", in).StructuredContent, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestInsideAHelper(t *testing.T) {
	for name, both := range map[string]bool{"client": false, "client and server": true} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			var server []sdk.Middleware
			if both {
				server = append(server, mcp.ServerMiddleware(rec.Client()))
			}
			ask(begin(t, rec.Client(), "agent"), t, inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client())), server...), "weather")
			rec.WantToolCount("weather", 1)
			rec.WantToolOutputs("weather", forecast{4})
			if both {
				rec.WantPath("session agent > tool weather > tool geocode")
			}
			if m := only(t, rec, "weather").Metadata; m["mcp.server.name"] != "weather-server" {
				t.Errorf("the helper's call did not learn of the server: %v", m)
			}
		})
	}
}

// A tool of the program's that makes calls of others is none of them.
func TestInsideAnotherTool(t *testing.T) {
	rec := sentrialtest.New(t)
	session := inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client())), mcp.ServerMiddleware(rec.Client()))
	ask(begin(t, rec.Client(), "agent"), t, session, "plan a trip")
	rec.WantPath("session agent > tool plan a trip > tool weather > tool geocode")
	rec.WantToolCount("weather", 1)
}

// instrumented makes the span of a tools/call as OpenTelemetry's conventions have it.
func instrumented(tracer trace.Tracer) sdk.Middleware {
	return func(next sdk.MethodHandler) sdk.MethodHandler {
		return func(ctx context.Context, method string, req sdk.Request) (sdk.Result, error) {
			if method != "tools/call" {
				return next(ctx, method, req)
			}
			ctx, span := tracer.Start(ctx, "tools/call weather", trace.WithAttributes(
				attribute.String("mcp.method.name", method), attribute.String("gen_ai.operation.name", "execute_tool"), attribute.String("gen_ai.tool.name", "weather"),
			))
			defer span.End()
			return next(ctx, method, req)
		}
	}
}

func TestBesideTheSpanOfAnInstrumentation(t *testing.T) {
	for name, order := range map[string]func(span, ours sdk.Middleware) []sdk.Middleware{
		"inside ours": func(span, ours sdk.Middleware) []sdk.Middleware { return []sdk.Middleware{ours, span} },
		"around ours": func(span, ours sdk.Middleware) []sdk.Middleware { return []sdk.Middleware{span, ours} },
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(otelbridge.NewSpanProcessor(rec.Client())))
			middleware := order(instrumented(provider.Tracer("mcp")), mcp.ClientMiddleware(rec.Client()))
			session := inMemory(t, newAgent(middleware...), mcp.ServerMiddleware(rec.Client()))
			oslo(begin(t, rec.Client(), "agent"), t, session)
			if err := provider.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			rec.WantToolCount("weather", 1)
			rec.WantToolCount("geocode", 1)
			rec.WantPath("session agent > tool weather > tool geocode")
		})
	}
}

func TestManyCallsAtOnce(t *testing.T) {
	srv := sentrialtest.Server(t)
	there := other(t, srv)
	session := inMemory(t, newAgent(mcp.ClientMiddleware(srv.Client())), mcp.ServerMiddleware(there))
	const agents, calls = 8, 10
	var all sync.WaitGroup
	for i := range agents {
		ctx := begin(t, srv.Client(), "agent "+strconv.Itoa(i))
		all.Go(func() {
			for range calls {
				oslo(ctx, t, session)
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
