package mcpgo_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/mcpgo"
)

// answering is a client that knows one answer.
type answering struct {
	client.MCPClient
	result *mcp.CallToolResult
}

func (a answering) CallTool(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return a.result, nil
}

// FuzzCall lets both sides read params and results that anybody may have sent.
func FuzzCall(f *testing.F) {
	const meta = `{"name":"t","arguments":{"a":1},"_meta":{"baggage":"sentrial.session_id=s1,sentrial.parent_id=e1","sentrial.dev/tool_call":"e1"}}`
	for _, result := range []string{
		`{"content":[{"type":"text","text":"x"}],"isError":true}`, `{"content":[],"structuredContent":[1]}`,
		`{"content":[{"type":"image","data":"AAAA","mimeType":"a"},{"type":"resource","resource":{"uri":"u","blob":""}},{"type":"resource_link","uri":"u","name":"n"}]}`,
	} {
		f.Add([]byte(meta), []byte(result))
		f.Add([]byte(`{"_meta":{"baggage":[],"traceparent":{},"sentrial.dev/tool_call":{}}}`), []byte(result))
	}
	recording, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:1"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { recording.Close(f.Context()) })
	session := mcpgo.WithSession(recording.Session("sess_1"))
	f.Fuzz(func(t *testing.T, params, answer []byte) {
		var asked mcp.CallToolRequest
		if json.Unmarshal(params, &asked.Params) != nil {
			return
		}
		raw := json.RawMessage(answer)
		result, err := mcp.ParseCallToolResult(&raw)
		if err != nil {
			return
		}
		known := answering{result: result}
		if got, err := mcpgo.ToolMiddleware(recording, session)(known.CallTool)(t.Context(), asked); got != result || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := mcpgo.WrapClient(known, recording, session).CallTool(t.Context(), asked); got != result || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	})
}
