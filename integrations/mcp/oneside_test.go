package mcp_test

import (
	"reflect"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcp"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestClientAlone(t *testing.T) {
	rec := sentrialtest.New(t)
	session := inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client())))
	oslo(begin(t, rec.Client(), "agent"), t, session)
	rec.WantTools("weather")
	rec.WantToolInputs("weather", map[string]any{"city": "Oslo"})
	rec.WantToolOutputs("weather", forecast{4})
	rec.WantPath("session agent > tool weather")
	e := toolCalls(rec, "weather")[0]
	if e.Status != types.StatusSuccess || e.Duration <= 0 {
		t.Errorf("status %s, %v", e.Status, e.Duration)
	}
	if m := e.Metadata; m["mcp.method.name"] != "tools/call" || m["mcp.server.name"] != "weather-server" || m["mcp.protocol.version"] == nil {
		t.Errorf("the metadata is %v", m)
	}
}

func TestServerAlone(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, own := rec.Client().CreateSession(t.Context(), "server")
	session := inMemory(t, newAgent(), mcp.ServerMiddleware(rec.Client(), mcp.WithSession(own)))
	oslo(t.Context(), t, session)
	own.Close(ctx, types.SessionResult{})
	rec.WantTools("weather", "geocode")
	rec.WantToolInputs("weather", map[string]any{"city": "Oslo"})
	rec.WantToolOutputs("weather", forecast{4})
	rec.WantPath("session server > tool weather > tool geocode")
	rec.WantPath("tool weather > decision look up Oslo")
}

func TestParamsStayAsTheyAre(t *testing.T) {
	rec := sentrialtest.New(t)
	session := inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client())))
	params := &sdk.CallToolParams{Name: "say", Arguments: map[string]any{"a": 1}, Meta: sdk.Meta{"own": "value"}}
	if _, err := session.CallTool(begin(t, rec.Client(), "agent"), params); err != nil {
		t.Fatal(err)
	}
	if params.Meta["own"] != "value" || params.Meta["baggage"] != nil || params.Meta["sentrial.dev/tool_call"] != nil {
		t.Errorf("the params have %v", params.Meta)
	}
	if !reflect.DeepEqual(params.Arguments, map[string]any{"a": 1}) {
		t.Errorf("the arguments are %v", params.Arguments)
	}
}

func TestNoSession(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	before := rec.Client().Stats().Unsessioned
	session := inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client())), mcp.ServerMiddleware(rec.Client()))
	oslo(rec.Context(t.Context()), t, session)
	if counted := rec.Client().Stats().Unsessioned - before; counted != 2 {
		t.Errorf("%d calls are counted, want that of each side", counted)
	}
	rec.WantTools()
}

func TestOtherMethodsPass(t *testing.T) {
	rec := sentrialtest.New(t)
	session := inMemory(t, newAgent(mcp.ClientMiddleware(rec.Client())), mcp.ServerMiddleware(rec.Client()))
	ctx := begin(t, rec.Client(), "agent")
	if tools, err := session.ListTools(ctx, nil); err != nil || len(tools.Tools) == 0 {
		t.Errorf("%v, %v", tools, err)
	}
	if err := session.Ping(ctx, nil); err != nil {
		t.Error(err)
	}
	rec.WantTools()
}

func TestNobodyToRecord(t *testing.T) {
	session := inMemory(t, newAgent(mcp.ClientMiddleware(nil)), mcp.ServerMiddleware(nil, mcp.WithTrustedMeta(), nil))
	oslo(t.Context(), t, session)
	disabled, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:1"), sentrial.WithSampleRate(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { disabled.Close(t.Context()) })
	session = inMemory(t, newAgent(mcp.ClientMiddleware(disabled)), mcp.ServerMiddleware(disabled))
	oslo(begin(t, disabled, "left out"), t, session)
	if queued := disabled.Stats().Accepted; queued != 0 {
		t.Errorf("%d events of a session that is left out", queued)
	}
}
