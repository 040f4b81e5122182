package hivium_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
)

// What was read is the same when it is written and read again, whatever it was.
func FuzzRun(f *testing.F) {
	for _, seed := range []string{
		`{"id":"r","agent_slug":"a","status":"failed","cost_usd":"0.5","tokens":{"prompt":1,"output":2},"error":{"code":"c","message":"m"},"output":{"a":[1]}}`,
		`{"id":"r","tokens":17,"error":"e","cost_usd":1e-9,"completed_at":"2026-05-01T08:00:00Z","output":null}`,
		`{"tokens":-1}`, `{"cost_usd":[]}`, `null`, `[]`, `{"error":null,"tokens":null,"cost_usd":null}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var first, second hivium.Run
		if json.Unmarshal([]byte(text), &first) != nil {
			return
		}
		again, err := json.Marshal(first)
		if err != nil {
			return // a year that RFC 3339 has not
		}
		if err := json.Unmarshal(again, &second); err != nil {
			t.Fatalf("%s became %s: %v", text, again, err)
		}
		once, _ := json.Marshal(second)
		if string(once) != string(again) || !reflect.DeepEqual(first.Tokens, second.Tokens) {
			t.Errorf("%s became %s, and that %s", text, again, once)
		}
	})
}

// roundTrip is a platform of one reply.
type roundTrip func() *http.Response

func (f roundTrip) RoundTrip(*http.Request) (*http.Response, error) { return f(), nil }

// No reply makes a client panic, or show an empty contact; no headers make it wait for longer than five minutes.
func FuzzReply(f *testing.F) {
	f.Add(200, `{"id":"x"}`, "60", "59", "1800000000", "")
	f.Add(429, `{"error":{"code":"rate_limited"}}`, "60", "0", "1", "30")
	f.Add(503, ``, "-1", "99999999999999999999", "x", "Fri, 27 Nov 2026 19:00:00 GMT")
	f.Fuzz(func(t *testing.T, status int, body, limit, remaining, reset, retryAfter string) {
		if status < 200 || status > 999 {
			return
		}
		reply := func() *http.Response {
			h := http.Header{"Content-Type": {"application/json"}, "X-Ratelimit-Limit": {limit}, "X-Ratelimit-Remaining": {remaining}, "X-Ratelimit-Reset": {reset}, "Retry-After": {retryAfter}}
			return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
		}
		c, err := hivium.New("k", hivium.WithHTTPClient(&http.Client{Transport: roundTrip(reply)}), hivium.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		contact, err := c.Contacts.Get(t.Context(), "x")
		if (err == nil) != (contact != nil && contact.ID != "") {
			t.Errorf("got %+v, %v", contact, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		cancel()
		if _, err := c.Contacts.Get(ctx, "x"); err == nil {
			t.Error("it went on without a context")
		}
	})
}
