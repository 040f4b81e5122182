package server_test

import (
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// spansOf is a request with one trace, whose texts have a word in them: an agent and the call of a model inside it.
func spansOf(word string) string {
	trace := fmt.Sprintf("%032x", word)[:32]
	return requestOf(spanOf(trace, "0000000000000002", "0000000000000001", "chat m", word), spanOf(trace, "0000000000000001", "", "invoke_agent a", word))
}

func requestOf(spans ...string) string {
	return `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"service.version","value":{"stringValue":"1.2"}},` +
		`{"key":"telemetry.sdk.language","value":{"stringValue":"python"}},{"key":"telemetry.sdk.version","value":{"stringValue":"1.30.0"}}]},` +
		`"scopeSpans":[{"scope":{"name":"gen_ai"},"spans":[` + strings.Join(spans, ",") + `]}]}]}`
}

// spanOf is a span whose name begins with its operation.
func spanOf(trace, id, parent, name, word string) string {
	operation, rest, _ := strings.Cut(name, " ")
	return fmt.Sprintf(`{"traceId":%q,"spanId":%q,"parentSpanId":%q,"name":%q,"kind":3,"startTimeUnixNano":"1795309209098000000","endTimeUnixNano":"1795309209268000000","attributes":[
		{"key":"gen_ai.operation.name","value":{"stringValue":%q}},{"key":"gen_ai.request.model","value":{"stringValue":%q}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}},
		{"key":"gen_ai.agent.name","value":{"stringValue":%q}},{"key":"user.id","value":{"stringValue":%q}}]}`, trace, id, parent, name, operation, rest, "words-of-"+word, "user_"+word)
}

// rpcReason is the reason in a google.rpc.Status, "" when the body is none.
func rpcReason(media string, body []byte) string {
	var s status.Status
	var info errdetails.ErrorInfo
	var err error
	switch media {
	case "application/x-protobuf":
		err = proto.Unmarshal(body, &s)
	default:
		err = protojson.Unmarshal(body, &s)
	}
	if err != nil || len(s.GetDetails()) == 0 || s.GetDetails()[0].UnmarshalTo(&info) != nil {
		return ""
	}
	return info.GetReason()
}
