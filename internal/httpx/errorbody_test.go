package httpx_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

func TestParseError(t *testing.T) {
	long := strings.Repeat("é", 2000)
	for _, c := range []struct {
		name, body string
		want       httpx.ErrorBody
	}{
		{"ours", `{"error":{"code":"rate_limited","message":"slow down","request_id":"req_1"}}`, httpx.ErrorBody{"rate_limited", "slow down", "req_1"}},
		{"id outside", `{"error":{"code":"x","message":"y"},"request_id":"req_2"}`, httpx.ErrorBody{"x", "y", "req_2"}},
		{"id in the header", `{"error":{"code":"x","message":"y"}}`, httpx.ErrorBody{"x", "y", "header"}},
		{"hosted", `{"error":"not_found","message":"no such session"}`, httpx.ErrorBody{"not_found", "no such session", "header"}},
		{"OAuth", `{"error":"invalid_client","error_description":"unknown client"}`, httpx.ErrorBody{"invalid_client", "unknown client", "header"}},
		{"message alone", `{"message":"oops"}`, httpx.ErrorBody{"", "oops", "header"}},
		{"no message", `{"error":{"code":"x"}}`, httpx.ErrorBody{"x", "Bad Gateway", "header"}},
		{"wrong kinds", `{"error":{"code":404,"message":["a"],"request_id":{}}}`, httpx.ErrorBody{"", "Bad Gateway", "header"}},
		{"one wrong kind spoils no other", `{"error":{"code":404,"message":"m"},"message":7}`, httpx.ErrorBody{"", "m", "header"}},
		{"number", `{"error":5}`, httpx.ErrorBody{"", "Bad Gateway", "header"}},
		{"null", `{"error":null}`, httpx.ErrorBody{"", "Bad Gateway", "header"}},
		{"list", `[1]`, httpx.ErrorBody{"", "Bad Gateway", "header"}},
		{"web page", `<html><body>sekret</body></html>`, httpx.ErrorBody{"", "Bad Gateway", "header"}},
		{"empty", ``, httpx.ErrorBody{"", "Bad Gateway", "header"}},
		{"cut", `{"error":{"code":"x","mess`, httpx.ErrorBody{"", "Bad Gateway", "header"}},
		{"control characters", `{"error":{"code":"a\u0000b","message":"one\r\ntwo\u001b[31m\u202e\u200bthree\t"}}`, httpx.ErrorBody{"a b", "one  two [31mthree", "header"}},
		{"long", `{"error":{"code":"` + long + `","message":"` + long + `"}}`, httpx.ErrorBody{long[:512], long[:512], "header"}},
		{"long, odd", `{"error":{"code":"x","message":"x` + long + `"}}`, httpx.ErrorBody{"x", "x" + long[:510], "header"}},
	} {
		r := &httpx.Response{Status: http.StatusBadGateway, Header: header("X-Request-Id", "header"), Body: []byte(c.body)}
		if got := httpx.ParseError(r); got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
	if got := httpx.ParseError(&httpx.Response{Status: 599}); got != (httpx.ErrorBody{Message: "status 599"}) {
		t.Errorf("a status without a name: %+v", got)
	}
}

func FuzzParseError(f *testing.F) {
	f.Add([]byte(`{"error":{"code":"a","message":"b","request_id":"c"}}`), "id")
	f.Add([]byte(`{"error":"a","message":"b"}`), "")
	f.Add([]byte(`{"error":"a","error_description":"b\u202e"}`), "a\nb")
	f.Add([]byte(`{"error":{"code":{},"message":[]}}`), "\xff")
	f.Fuzz(func(t *testing.T, body []byte, id string) {
		got := httpx.ParseError(&httpx.Response{Status: 500, Header: http.Header{"X-Request-Id": {id}}, Body: body})
		if got.Message == "" {
			t.Error("no message")
		}
		for _, s := range []string{got.Code, got.Message, got.RequestID} {
			if len(s) > 512 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("%q from %q", s, body)
			}
		}
	})
}
