package mcpgo_test

import (
	"maps"
	"reflect"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcpgo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestClientAlone(t *testing.T) {
	rec := sentrialtest.Server(t)
	c := overHTTP(t, recorded(rec.Client()), false)
	oslo(begin(t, rec.Client(), "agent"), t, c)
	rec.WantTools("weather")
	rec.WantToolInputs("weather", map[string]any{"city": "Oslo"})
	rec.WantToolOutputs("weather", forecast{4})
	rec.WantPath("session agent > tool weather")
	e := only(t, rec.Recorder, "weather")
	if e.Status != types.StatusSuccess || e.Duration <= 0 {
		t.Errorf("status %s, %v", e.Status, e.Duration)
	}
	if m := e.Metadata; m["mcp.method.name"] != "tools/call" || m["mcp.server.name"] != "weather-server" || m["mcp.protocol.version"] == nil {
		t.Errorf("the metadata is %v", m)
	}
}

func TestServerAlone(t *testing.T) {
	rec := sentrialtest.New(t)
	_, own := rec.Client().CreateSession(t.Context(), "server")
	oslo(t.Context(), t, inMemory(t, nil, served(rec.Client(), mcpgo.WithSession(own))))
	rec.WantTools("weather", "geocode")
	rec.WantToolInputs("weather", map[string]any{"city": "Oslo"})
	rec.WantToolOutputs("weather", forecast{4})
	rec.WantPath("session server > tool weather > tool geocode")
	rec.WantPath("tool weather > decision look up Oslo")
}

func TestTheRequestStaysAsItIs(t *testing.T) {
	rec := sentrialtest.New(t)
	c := inMemory(t, recorded(rec.Client()))
	meta := &mcp.Meta{ProgressToken: "p", AdditionalFields: map[string]any{"own": "value"}}
	asked := request("say", map[string]any{"a": 1})
	asked.Params.Meta = meta
	before := maps.Clone(meta.AdditionalFields)
	if _, err := c.CallTool(begin(t, rec.Client(), "agent"), asked); err != nil {
		t.Fatal(err)
	}
	if asked.Params.Meta != meta || !reflect.DeepEqual(meta.AdditionalFields, before) || meta.ProgressToken != "p" {
		t.Errorf("the meta is %+v", meta)
	}
}

func TestNoSession(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	before := rec.Client().Stats().Unsessioned
	oslo(rec.Context(t.Context()), t, overHTTP(t, recorded(rec.Client()), false, served(rec.Client())))
	if counted := rec.Client().Stats().Unsessioned - before; counted != 2 {
		t.Errorf("%d calls are counted, want that of each side", counted)
	}
	rec.WantTools()
}

func TestOtherMethodsPass(t *testing.T) {
	rec := sentrialtest.New(t)
	c := inMemory(t, recorded(rec.Client()), served(rec.Client()))
	ctx := begin(t, rec.Client(), "agent")
	if tools, err := c.ListTools(ctx, mcp.ListToolsRequest{}); err != nil || len(tools.Tools) == 0 {
		t.Errorf("%v, %v", tools, err)
	}
	rec.WantTools()
}

func TestNobodyToRecord(t *testing.T) {
	oslo(t.Context(), t, inMemory(t, recorded(nil), served(nil, mcpgo.WithTrustedMeta(), nil)))
	disabled, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:1"), sentrial.WithSampleRate(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { disabled.Close(t.Context()) })
	oslo(begin(t, disabled, "left out"), t, inMemory(t, recorded(disabled), served(disabled)))
	if accepted := disabled.Stats().Accepted; accepted != 0 {
		t.Errorf("%d events of a session that is left out", accepted)
	}
}
