package mcpmeta

import (
	"context"
	"strings"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// ToolCall is the member that names the event of the tools/call that a request makes. Whoever finds it knows that the call is recorded.
const ToolCall = "sentrial.dev/tool_call"

// Members that MCP reserves, and what of the second names the open event.
const (
	traceParent = "traceparent"
	traceState  = "tracestate"
	baggage     = "baggage"
	parentID    = "sentrial.parent_id="
)

// Write gives meta with where ctx is added: its session and open event, and its OpenTelemetry span. recorded says that the open event of ctx is the tools/call that
// the request makes. meta itself is never changed, may be nil, and comes back as it is where there is nothing to add. Its members are kept, a trace that it names
// already too.
func Write(ctx context.Context, meta map[string]any, recorded bool) map[string]any {
	c := carrier{meta: meta}
	c.traced = c.Get(traceParent) != ""
	before := c.Get(baggage)
	sentrial.Inject(ctx, &c)
	if after := c.Get(baggage); recorded && after != before {
		if call := parentIn(after); call != "" {
			c.Set(ToolCall, call)
		}
	}
	return c.meta
}

// parentIn gives the id of the open event that a baggage header names, as Inject writes it.
func parentIn(header string) string {
	for member := range strings.SplitSeq(header, ",") {
		if id, ok := strings.CutPrefix(strings.TrimSpace(member), parentID); ok && types.ValidID(id) {
			return id
		}
	}
	return ""
}
