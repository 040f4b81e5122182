package mcp_test

import (
	"context"
	"encoding/json"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcp"
)

// FuzzCall lets both sides read params and results that anybody may have sent.
func FuzzCall(f *testing.F) {
	const meta = `{"name":"t","arguments":{"a":1},"_meta":{"baggage":"sentrial.session_id=s1,sentrial.parent_id=e1","sentrial.dev/tool_call":"e1"}}`
	for _, result := range []string{
		`{"content":[{"type":"text","text":"x"}],"isError":true}`, `{"content":[],"structuredContent":[1]}`,
		`{"content":[{"type":"image","data":"AAAA"},{"type":"resource","resource":{"uri":"u","blob":""}},{"type":"resource"},{"type":"resource_link"}]}`,
	} {
		f.Add([]byte(meta), []byte(result))
		f.Add([]byte(`{"_meta":{"baggage":[],"traceparent":{},"sentrial.dev/tool_call":1e999}}`), []byte(result))
	}
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:1"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { client.Close(f.Context()) })
	session := client.Session("sess_1")
	f.Fuzz(func(t *testing.T, params, answer []byte) {
		var raw sdk.CallToolParamsRaw
		var result sdk.CallToolResult
		if json.Unmarshal(params, &raw) != nil || json.Unmarshal(answer, &result) != nil {
			return
		}
		reply := func(context.Context, string, sdk.Request) (sdk.Result, error) { return &result, nil }
		sent := &sdk.ClientRequest[sdk.Params]{Params: &sdk.CallToolParams{Name: raw.Name, Arguments: raw.Arguments, Meta: raw.Meta}}
		for handler, req := range map[*sdk.MethodHandler]sdk.Request{
			new(mcp.ServerMiddleware(client, mcp.WithSession(session))(reply)): &sdk.CallToolRequest{Params: &raw},
			new(mcp.ClientMiddleware(client, mcp.WithSession(session))(reply)): sent,
		} {
			if got, err := (*handler)(t.Context(), "tools/call", req); got != &result || err != nil {
				t.Errorf("%v, %v", got, err)
			}
		}
	})
}
