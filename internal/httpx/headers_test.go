package httpx_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

var (
	now  = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	date = now.Add(-time.Hour).Format(http.TimeFormat) // the server's clock is an hour behind
)

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			h.Set(pairs[i], pairs[i+1])
		}
	}
	return h
}

func TestRetryAfter(t *testing.T) {
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		value, date string
		want        time.Duration
		ok          bool
	}{
		{"", "", 0, false},
		{"2", "", 2 * time.Second, true},
		{" 7 ", date, 7 * time.Second, true},
		{"0", "", 0, true},
		{"300", "", 5 * time.Minute, true},
		{"301", "", 5 * time.Minute, true},
		{"1000000000", "", 5 * time.Minute, true},
		{"9223372036854775807", "", 5 * time.Minute, true},
		{"99999999999999999999999", "", 5 * time.Minute, true},
		{"-1", "", 0, false},
		{"+1", "", 0, false},
		{"-99999999999999999999999", "", 0, false},
		{"1.5", "", 0, false},
		{"abc", "", 0, false},
		{"2s", "", 0, false},
		{at(10 * time.Second), "", 10 * time.Second, true},
		{at(10*time.Second - time.Hour), date, 10 * time.Second, true},
		{at(10 * time.Second), "not a date", 10 * time.Second, true},
		{at(-10 * time.Second), "", 0, true},
		{at(24 * time.Hour), "", 5 * time.Minute, true},
		{"Fri, 31 Dec 9999 23:59:59 GMT", "", 5 * time.Minute, true},
		{"Sunday, 22-Nov-26 12:00:03 GMT", "", 3 * time.Second, true},
		{"2026-11-22T12:00:03Z", "", 0, false},
	} {
		got, ok := httpx.RetryAfter(header("Retry-After", c.value, "Date", c.date), now)
		if got != c.want || ok != c.ok {
			t.Errorf("%q at %q: got %v, %t, want %v, %t", c.value, c.date, got, ok, c.want, c.ok)
		}
	}
}

func TestRateLimitWait(t *testing.T) {
	for _, c := range []struct {
		remaining, reset, date string
		want                   time.Duration
		ok                     bool
	}{
		{"0", "1795348830", "", 30 * time.Second, true},
		{"0", "1795345230", date, 30 * time.Second, true},
		{"1", "1795348830", "", 0, false},
		{"", "1795348830", "", 0, false},
		{"0", "", "", 0, false},
		{"0", "soon", "", 0, false},
		{"-1", "1795348830", "", 0, false},
		{"0", "-1", "", 0, false},
		{"0", "0", "", 0, true},
		{"0", "1795348799", "", 0, true},
		{"0", "1795359999", "", 5 * time.Minute, true},
		{"0", "9223372036854775807", "", 5 * time.Minute, true},
		{"0", "99999999999999999999", "", 5 * time.Minute, true},
	} {
		h := header("X-RateLimit-Remaining", c.remaining, "X-RateLimit-Reset", c.reset, "Date", c.date)
		if got, ok := httpx.RateLimitWait(h, now); got != c.want || ok != c.ok {
			t.Errorf("%q, %q at %q: got %v, %t, want %v, %t", c.remaining, c.reset, c.date, got, ok, c.want, c.ok)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"2", "-1", "1e9", "99999999999999999999", "Sun, 22 Nov 2026 12:00:03 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "\x00"} {
		f.Add(s, date)
		f.Add(s, "Mon, 01 Jan 0001 00:00:00 GMT")
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		h := http.Header{"Retry-After": {value}, "Date": {date}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {value}}
		for _, read := range []func(http.Header, time.Time) (time.Duration, bool){httpx.RetryAfter, httpx.RateLimitWait} {
			if wait, ok := read(h, now); wait < 0 || wait > httpx.MaxWait || !ok && wait != 0 {
				t.Errorf("%q at %q: %v, %t", value, date, wait, ok)
			}
		}
	})
}

func TestIsJSON(t *testing.T) {
	for value, want := range map[string]bool{
		"application/json": true, "application/json; charset=utf-8": true, "Application/JSON": true, "application/problem+json": true,
		"application/json;": true, "application/json; charset": true,
		"": false, "text/html": false, "text/html; a=application/json": false, "application/jsonp": false, "application/x-ndjson": false, "json": false, "text/json-ish": false,
	} {
		if got := httpx.IsJSON(header("Content-Type", value)); got != want {
			t.Errorf("%q: got %t", value, got)
		}
	}
}

func TestLoopback(t *testing.T) {
	for raw, want := range map[string]bool{
		"http://localhost": true, "http://LOCALHOST:80/x": true, "http://localhost.": true, "http://a.localhost": true,
		"http://127.0.0.1:7437": true, "http://127.255.255.254": true, "http://[::1]:80": true, "http://[::ffff:127.0.0.1]": true,
		"http://localhost.example.com": false, "http://notlocalhost": false, "http://128.0.0.1": false, "http://0.0.0.0": false, "http://[::]": false,
		"https://api.realm.ai": false, "http://127.0.0.1.example.com": false, "http://127.0.0.1@example.com": false, "/relative": false, "http://10.0.0.1": false, "http://127.1": false,
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := httpx.Loopback(u); got != want {
			t.Errorf("%s: got %t", raw, got)
		}
	}
	if httpx.Loopback(nil) {
		t.Error("nil is loopback")
	}
}

func TestPublicURL(t *testing.T) {
	u, err := url.Parse("https://user:sekret@host:8443/a%2Fb?key=sekret#sekret")
	if err != nil {
		t.Fatal(err)
	}
	if got := httpx.PublicURL(u); got != "https://host:8443/a%2Fb" {
		t.Errorf("got %s", got)
	}
	if got := httpx.PublicURL(nil); got != "" {
		t.Errorf("nil: got %q", got)
	}
}

func TestBackoff(t *testing.T) {
	b := httpx.NewBackoff()
	var least, most [8]time.Duration
	for range 1000 {
		for i, seconds := range []int{1, 2, 4, 8, 16, 30, 30, 30} {
			d := time.Duration(seconds) * time.Second
			got := b.Next()
			if got < d || got > d+d/2 {
				t.Fatalf("delay %d is %v, want %v to %v", i, got, d, d+d/2)
			}
			if least[i] == 0 || got < least[i] {
				least[i] = got
			}
			most[i] = max(most[i], got)
		}
		b.Reset()
	}
	// Of 1,000 even draws none in the lowest twentieth: once in 10^22 runs.
	for i, seconds := range []int{1, 2, 4, 8, 16, 30, 30, 30} {
		d := time.Duration(seconds) * time.Second
		if least[i] > d+d/40 || most[i] < d+d/2-d/40 {
			t.Errorf("delay %d: 1,000 draws lie in %v to %v only", i, least[i], most[i])
		}
	}
}
