package adapter_test

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// A tool of the program's that needs two others for its work is not one of them.
func TestToolsInsideAnotherTool(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(t.Context(), "agent")
	r := adapter.New(rec.Client(), nil)
	_, _ = sentrial.Tool(ctx, "research", "oslo", func(ctx context.Context, _ string) (string, error) {
		for name, same := range map[string]bool{
			"search": false, "read": false, "_": false, "xresearch": false, "web_research": false, "research_more": false,
			"": true, "research": true, "mcp__lab__research": true, "lab/research": true, "Research": true,
		} {
			inside, call := r.Tool(ctx, types.ToolCall{ToolName: name})
			if call.Joined() != same {
				t.Errorf("%q joined: %v", name, call.Joined())
			}
			sentrial.Decide(inside, types.Decision{Chosen: name})
			call.End(nil)
		}
		return "", nil
	})
	session.Close(ctx, types.SessionResult{})
	rec.WantToolCount("research", 1)
	rec.WantPath("tool research > tool search > decision search")
	rec.WantPath("tool research > tool read > decision read")
}
