package sentrial

import (
	"encoding/binary"
	"encoding/json"
	"math"
)

// isRecord tells whether bytes from a file are a record of this version, so that all that reads records may rely on it. Another version may have written them, or
// another program.
func isRecord(b []byte) bool {
	if len(b) < recordHeader || uint64(binary.LittleEndian.Uint32(b)) != uint64(len(b)) || b[4]&^flagUncounted != 0 {
		return false
	}
	at := 0
	for rest := b[recordHeader:]; len(rest) > 0; at++ {
		if len(rest) < fieldHeader || uint64(binary.LittleEndian.Uint32(rest[2:])) > uint64(len(rest)-fieldHeader) {
			return false
		}
		var f field
		if f, rest = nextField(rest); !f.isValid() || at <= int(tagSessionID) && (f.tag != tag(at) || f.kind != kindText) {
			return false
		}
	}
	return at > int(tagSessionID)
}

// numeric are the fields that are read as numbers.
var numeric = map[tag]kind{
	tagSeq: kindInt, tagAttempt: kindInt, tagAttempts: kindInt, tagPromptTokens: kindInt, tagCompletionTokens: kindInt, tagTokensUsed: kindInt,
	tagCachedTokens: kindInt, tagCacheWriteTokens: kindInt, tagReasoningTokens: kindInt, tagCost: kindFloat, tagConfidence: kindFloat, tagScore: kindFloat,
	tagTimestamp: kindTime, tagDuration: kindDuration, tagTimeToFirstToken: kindDuration,
}

// isValid tells whether a field has the form of its kind, and a kind that its readers expect.
func (f field) isValid() bool {
	if want, ok := numeric[f.tag]; f.tag > tagExtra || (f.tag == tagExtra) != (f.kind == kindMember) || ok && f.kind != want {
		return false
	}
	switch f.kind {
	case kindText, kindCutText:
		return true
	case kindJSON:
		return json.Valid(f.data)
	case kindMember:
		return json.Valid([]byte("{" + string(f.data) + "}"))
	case kindFloat:
		return len(f.data) == 8 && !isNoNumber(math.Float64frombits(binary.LittleEndian.Uint64(f.data)))
	case kindInt, kindTime, kindDuration:
		return len(f.data) == 8
	}
	return false
}

func isNoNumber(f float64) bool { return math.IsNaN(f) || math.IsInf(f, 0) }
