package otlp_test

import (
	"testing"
	"time"

	logscollector "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// decode reads what was written with the protocol's own types.
func decode(t *testing.T, form otlp.Form, body []byte, m proto.Message) {
	t.Helper()
	err := proto.Unmarshal(body, m)
	if form == otlp.JSON {
		err = protojson.Unmarshal(body, m)
	}
	if err != nil {
		t.Fatalf("%q: %v", body, err)
	}
}

func TestReplies(t *testing.T) {
	for _, form := range []otlp.Form{otlp.Protobuf, otlp.JSON} {
		var all, some collector.ExportTraceServiceResponse
		var records logscollector.ExportLogsServiceResponse
		decode(t, form, otlp.Reply(form, "Spans", otlp.Tally{Taken: 3}), &all)
		decode(t, form, otlp.Reply(form, "Spans", otlp.Tally{Taken: 3, Rejected: 2, Reason: "why"}), &some)
		decode(t, form, otlp.Reply(form, "LogRecords", otlp.Tally{Rejected: 4, Reason: "so"}), &records)
		if all.PartialSuccess != nil || some.PartialSuccess.GetRejectedSpans() != 2 || some.PartialSuccess.GetErrorMessage() != "why" || records.PartialSuccess.GetRejectedLogRecords() != 4 {
			t.Errorf("form %d: %v, %v, %v", form, &all, &some, &records)
		}
	}
}

func TestStatuses(t *testing.T) {
	for _, form := range []otlp.Form{otlp.Protobuf, otlp.JSON} {
		var plain, again status.Status
		decode(t, form, otlp.Status(form, otlp.Failure{Code: 3, Reason: "validation_error", Words: "wrong\n"}), &plain)
		decode(t, form, otlp.Status(form, otlp.Failure{Code: 14, Reason: "unavailable", Words: "busy", After: 30 * time.Second}), &again)
		var info errdetails.ErrorInfo
		var retry errdetails.RetryInfo
		if len(plain.GetDetails()) != 1 || plain.GetDetails()[0].UnmarshalTo(&info) != nil || info.GetReason() != "validation_error" || plain.GetCode() != 3 || plain.GetMessage() != "wrong\n" {
			t.Errorf("form %d: %v", form, &plain)
		}
		if len(again.GetDetails()) != 2 || again.GetDetails()[1].UnmarshalTo(&retry) != nil || retry.GetRetryDelay().AsDuration() != 30*time.Second || again.GetCode() != 14 {
			t.Errorf("form %d: %v", form, &again)
		}
	}
}
