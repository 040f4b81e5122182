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

// Status is a google.rpc.Status, the body of an error.
func Status(form Form, code int, words string) []byte {
	if form == JSON {
		return marshal(map[string]any{"code": code, "message": words})
	}
	return protobufStatus(code, words)
}

func protobufStatus(code int, words string) []byte {
	return text(protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(code)), 2, words)
}

// RetryStatus is one that says when to come again.
func RetryStatus(code int, words string, after time.Duration) []byte {
	seconds := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(after/time.Second))
	detail := text(nil, 1, "type.googleapis.com/google.rpc.RetryInfo")
	return message(protobufStatus(code, words), 3, message(detail, 2, message(nil, 1, seconds)))
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
