package otlp

import (
	"encoding/json"
	"strconv"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Reply is the body that acknowledges a request. What was rejected is told in it; of a request taken as a whole protobuf has nothing to say.
func Reply(form Form, what string, t Tally) []byte {
	if form == JSON {
		return jsonReply(what, t)
	}
	if t.Rejected == 0 {
		return nil
	}
	partial := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(t.Rejected))
	return message(nil, 1, text(partial, 2, t.Reason))
}

// jsonReply has what was rejected under the name of the signal: rejectedSpans, rejectedLogRecords.
func jsonReply(what string, t Tally) []byte {
	if t.Rejected == 0 {
		return []byte("{}")
	}
	return marshal(map[string]any{"partialSuccess": map[string]any{"rejected" + what: strconv.Itoa(t.Rejected), "errorMessage": t.Reason}})
}

// Failure is what an error says.
type Failure struct {
	Code   int    // of gRPC
	Reason string // one word for programs
	Words  string
	After  time.Duration // when to come again; 0 = nothing is said
}

// Status is a google.rpc.Status, the body of an error. The reason is in a google.rpc.ErrorInfo, the time in a RetryInfo.
func Status(form Form, f Failure) []byte {
	if form == JSON {
		return marshal(map[string]any{"code": f.Code, "message": f.Words, "details": f.jsonDetails()})
	}
	b := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(f.Code))
	b = detail(text(b, 2, f.Words), errorInfo, text(text(nil, 1, f.Reason), 2, domain))
	if f.After > 0 {
		seconds := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(f.After/time.Second))
		b = detail(b, retryInfo, message(nil, 1, seconds))
	}
	return b
}

const (
	errorInfo = "type.googleapis.com/google.rpc.ErrorInfo"
	retryInfo = "type.googleapis.com/google.rpc.RetryInfo"
	domain    = "sentrial"
)

func (f *Failure) jsonDetails() []any {
	details := []any{map[string]string{"@type": errorInfo, "reason": f.Reason, "domain": domain}}
	if f.After > 0 {
		details = append(details, map[string]string{"@type": retryInfo, "retryDelay": strconv.Itoa(int(f.After/time.Second)) + "s"})
	}
	return details
}

// detail adds one to a status: a google.protobuf.Any.
func detail(b []byte, kind string, content []byte) []byte {
	return message(b, 3, message(text(nil, 1, kind), 2, content))
}

func message(b []byte, field protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), content)
}

func text(b []byte, field protowire.Number, words string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), words)
}

func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers
	}
	return b
}
