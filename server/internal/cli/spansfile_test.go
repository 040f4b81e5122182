package cli_test

import (
	"fmt"
	"strings"
)

// agentSpans are the spans of one run of an agent, each a body of OTLP/JSON: the agent, a call of a model with a copy of it by its framework, a tool, an HTTP request,
// and a log record.
func agentSpans(run int) []string {
	trace := fmt.Sprintf("%032x", 0x4bf92f00+run)
	span := func(n, parent int, name, more string) string {
		return fmt.Sprintf(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"my.agents","version":"1.2"},"spans":[`+
			`{"traceId":%q,"spanId":"%016x","parentSpanId":%q,"name":%q,"kind":1,"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[%s]}]}]}]}`,
			trace, run*16+n, parentID(run, parent), name, 1772616660000000000+int64(n)*1000000, 1772616661000000000-int64(n)*1000000, strings.TrimSuffix(more, ","))
	}
	return []string{
		span(3, 2, "chat m", text("gen_ai.operation.name", "chat")+text("gen_ai.provider.name", "openai")+text("gen_ai.request.model", "m")+text("gen_ai.response.model", "m-2026")+
			`{"key":"gen_ai.usage.input_tokens","value":{"intValue":"88"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":"21"}},`+text("my.colour", "blue")+
			text("gen_ai.output.messages", `[{"role":"assistant","parts":[{"type":"text","content":"It is 18 C."}],"finish_reason":"stop"}]`)),
		span(4, 1, "execute_tool weather", text("gen_ai.operation.name", "execute_tool")+text("gen_ai.tool.name", "weather")+text("gen_ai.tool.call.arguments", `{"city":"Lisbon"}`)),
		span(5, 4, "GET", text("http.request.method", "GET")),
		`{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"gen_ai.client.token.usage"}]}]}]}`,
		span(2, 1, "chat", text("gen_ai.operation.name", "chat")+text("gen_ai.request.model", "m")+`{"key":"gen_ai.usage.input_tokens","value":{"intValue":"88"}}`),
		span(1, 0, "invoke_agent support", text("gen_ai.operation.name", "invoke_agent")+text("gen_ai.agent.name", "support")+text("gen_ai.conversation.id", fmt.Sprintf("conv-%d", run))),
		fmt.Sprintf(`{"resourceLogs":[{"scopeLogs":[{"scope":{"name":"my.agents"},"logRecords":[{"traceId":%q,"spanId":"%016x","timeUnixNano":"1772616660500000000","eventName":"gen_ai.user.message",`+
			`"body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"weather in Lisbon?"}}]}}}]}]}]}`, trace, run*16+3),
	}
}

func parentID(run, n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", run*16+n)
}

// text is an attribute.
func text(key, value string) string {
	return fmt.Sprintf(`{"key":%q,"value":{"stringValue":%q}},`, key, value)
}

// agentFile are the runs of an agent, a body a line.
func agentFile(runs int) string {
	var b strings.Builder
	for run := range runs {
		for _, body := range agentSpans(run + 1) {
			b.WriteString(body + "\n")
		}
	}
	return b.String()
}
