package server_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
)

// jsonBombs are texts of such a size, or less, that is small for what a careless reader makes of them. Those with status 200 are an event that is rejected alone.
func jsonBombs(tb testing.TB, size int) []bomb {
	tb.Helper()
	room := size - 200
	envelope := func(members string) []byte { return []byte(`{"events":[` + ev("x", "llm_call", members) + `]}`) }
	keys := func(n int, form string) string {
		var out strings.Builder
		for i := 0; i < n && out.Len() < room-len(form)-20; i++ {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(strings.ReplaceAll(form, "%d", strconv.Itoa(i)))
		}
		return out.String()
	}
	digits := strings.Repeat("9", 1_000_000)
	return []bomb{
		{"depth without end", "", []byte(strings.Repeat("[", room)), 400, "must be a JSON object"},
		{"depth in the body", "", []byte(`{"a":` + strings.Repeat("[", room)), 400, "at most 10000 levels"},
		{"depth in an event", "", envelope(`"metadata":` + strings.Repeat(`{"a":`, room/5)), 400, "at most 10000 levels"},
		{"depth at the end of eight megabytes", "gzip", pack(tb, "gzip", append(digitsUpTo(4<<20), strings.Repeat("[", 4<<20)...)), 400, "at most 10000 levels"},
		{"depth that ends", "", envelope(`"metadata":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)), 200, "the event nests 5001 levels deep"},
		{"a million keys", "", []byte("{" + keys(1_000_000, `"%d":0`) + "}"), 400, "more than 32 members"},
		{"a million keys of the client", "", []byte(`{"events":[],"client":{` + keys(1_000_000, `"%d":0`) + "}}"), 400, "client has more than 32 members"},
		{"a million keys in an event", "", envelope(keys(1_000_000, `"%d":0`)), 200, "at most 1048576 are taken"},
		{"keys in an event", "", envelope(keys(90_000, `"%d":0`)), 0, ""},
		{"keys in its metadata", "", envelope(`"metadata":{` + keys(90_000, `"%d":0`) + `}`), 0, ""},
		{"the same key", "", envelope(keys(1_000_000, `"id":"%d"`)), 200, "at most 1048576 are taken"},
		{"the same key, less often", "", envelope(keys(70_000, `"id":"%d"`)), 200, "id: occurs twice"},
		{"the same field", "", envelope(keys(40_000, `"model":"%d"`)), 200, "model: occurs twice"},
		{"the same key of the body", "", []byte("{" + keys(1_000_000, `"events":[]`) + "}"), 400, `"events" occurs twice`},
		{"the same key of the client", "", []byte(`{"events":[],"client":{"id":"a","id":"b"}}`), 400, `"id" occurs twice in client`},
		{"empty events", "", []byte(`{"events":[` + keys(1_000_000, "{}") + `]}`), 413, "more than 1000 events"},
		{"a number of a million digits", "", envelope(`"prompt_tokens":` + digits), 200, "prompt_tokens: expected a whole number from 0 to 1000000000000000, got the number 9999"},
		{"a fraction of a million digits", "", envelope(`"cost":0.` + digits), 0, ""},
		{"an exponent of a million digits", "", envelope(`"duration_ms":1e` + digits), 200, "duration_ms: expected milliseconds"},
		{"a huge exponent", "", envelope(`"cost":1e999999`), 200, "cost: expected a number of US dollars"},
		{"a tiny exponent", "", envelope(`"cost":1e-999999`), 0, ""},
		{"a huge exponent in the metadata", "", envelope(`"metadata":{"n":1e999999}`), 0, ""},
		{"a huge exponent in a session's", "", []byte(`{"events":[` + ev("x", "session_start", `"metadata":{"n":1e999999},"input":[1e999999],"tags":[]`) + `]}`), 0, ""},
		{"a huge number in its metrics", "", []byte(`{"events":[` + ev("x", "session_end", `"metrics":{"n":`+digits+`}`) + `]}`), 200, "metrics: \"n\": expected a number"},
		{"strings in a list", "", []byte(`{"events":[` + ev("x", "decision", `"alternatives":[`+keys(300_000, `""`)+`]`) + `]}`), 0, ""},
		{"references in a list", "", envelope(`"messages":[` + keys(80_000, `{"a":"$"}`) + `]`), 0, ""},
		{"a text of escapes", "", envelope(`"prompt":"` + strings.Repeat(`\u0000`, 170_000) + `"`), 0, ""},
		{"members of a reference", "", envelope(`"prompt":{"$ref":"sha256:a",` + keys(90_000, `"%d":0`) + `}`), 200, "prompt: expected a string, got an object"},
	}
}

// TestRow74JSONBombs: each is refused, rejected alone, or taken when it is only large.
func TestRow74JSONBombs(t *testing.T) {
	for _, b := range jsonBombs(t, 2<<20) {
		a := newApp(t)
		w := a.do("POST", "/v1/events", bytes.NewReader(b.body), "Content-Type", "application/json", "Content-Encoding", b.encoding)
		switch b.status {
		case 400:
			wantError(t, w, 400, "validation_error", b.message)
		case 413:
			wantError(t, w, 413, "payload_too_large", b.message)
		case 200:
			got := decode[ack](t, w)
			if w.Code != 200 || len(got.Rejected) != 1 || !strings.Contains(got.Rejected[0].Message, b.message) || got.Rejected[0].ID != "x" {
				t.Errorf("%s: %d %.300s, want %s", b.name, w.Code, w.Body, b.message)
			}
		default:
			if got := decode[ack](t, w); got.Accepted != 1 {
				t.Errorf("%s: %d %.300s", b.name, w.Code, w.Body)
			} else if session, events := a.read("s1"); session.ID != "s1" || len(events) != 1 {
				t.Errorf("%s: cannot be read back", b.name)
			}
		}
		if w.Body.Len() > 1000 {
			t.Errorf("%s: a reply of %d bytes", b.name, w.Body.Len())
		}
	}
}
