package platform_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

func TestDoSendsWhatWasAskedFor(t *testing.T) {
	c := onLoopback(t, platform.Config{BaseURL: "/api/"}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := r.Method + " " + r.URL.EscapedPath() + "?" + r.URL.RawQuery + " " + r.Header.Get("Content-Type") + " " + r.Header.Get("X-One") + " " + r.Header.Get("Accept") + " " + string(body)
		const want = `POST /api/things/a%2Fb%20c?q=x+y application/json 1 application/json {"name":"<a&b>"}`
		if got != want || r.ContentLength != int64(len(body)) || r.UserAgent() != "sentrial-go" {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		for name := range r.Header {
			if strings.Contains(strings.ToLower(name), "sentrial") || name == "Traceparent" || name == "Baggage" {
				t.Errorf("a platform was sent %s", name)
			}
		}
		answer(w, http.StatusCreated, `{"id":"1","token":"t","more":[1]}`)
	})
	path, err := platform.Path("/things/{}", "a/b c")
	if err != nil {
		t.Fatal(err)
	}
	var got thing
	reply, err := c.Do(t.Context(), platform.Request{
		Method: http.MethodPost, Path: path, Query: url.Values{"q": {"x y"}}, Header: http.Header{"x-one": {"1"}},
		JSON: map[string]string{"name": "<a&b>"}, Into: &got,
	})
	if err != nil || reply.Status != http.StatusCreated || got.ID != "1" || got.Token.Reveal() != "t" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestPathRefusesIDsThatAreNone(t *testing.T) {
	for _, id := range []string{"", ".", ".."} {
		if got, err := platform.Path("/things/{}", id); err == nil {
			t.Errorf("%q gave %s", id, got)
		}
	}
	if got, err := platform.Path("/a/{}/b/{}", "x?y", "../z"); err != nil || got != "/a/x%3Fy/b/..%2Fz" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestAReplyThatIsNotUnderstood(t *testing.T) {
	for name, reply := range map[string]struct{ contentType, body, want string }{
		"no JSON":       {"text/html", "<p>secret</p>", "does not say that it is JSON"},
		"no type":       {"", `{"id":"1"}`, "does not say that it is JSON"},
		"broken":        {"application/json", `{"id":"secret`, "not the JSON that was expected"},
		"empty":         {"application/json", ``, "not the JSON that was expected"},
		"a list":        {"application/json", `["secret"]`, "it is a JSON array"},
		"another kind":  {"application/json", `{"id":4711}`, "id is a JSON number"},
		"a field short": {"application/json", `{"token":"secret"}`, "it has no id"},
		"too long":      {"application/json", `{"id":"` + strings.Repeat("x", 200) + `"}`, "longer than 100 bytes"},
	} {
		c := onLoopback(t, platform.Config{MaxBody: 100}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{reply.contentType}
			_, _ = w.Write([]byte(reply.body))
		})
		_, err := c.Do(t.Context(), get("/", new(thing)))
		var garbled *platform.ReplyError
		if !errors.As(err, &garbled) || garbled.Status != 200 || !strings.Contains(err.Error(), reply.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, reply.want)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "4711")) {
			t.Errorf("%s: what the reply had is in %q", name, err)
		}
	}
}

func TestWhatARequestRequires(t *testing.T) {
	c := onLoopback(t, platform.Config{}, func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, `{"a":1}`) })
	for missing, fails := range map[string]bool{"": false, "b": true} {
		q := get("/", new(map[string]int))
		q.Missing = func() string { return missing }
		if _, err := c.Do(t.Context(), q); (err != nil) != fails || fails && !strings.Contains(err.Error(), "it has no b") {
			t.Errorf("without %q: %v", missing, err)
		}
	}
}

func TestWhatAFailureIs(t *testing.T) {
	c := onLoopback(t, platform.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusTeapot, `{"error":{"code":"teapot","message":"short and stout"}}`)
	})
	reply, err := c.Do(t.Context(), get("/", new(thing)))
	if err == nil || err.Error() != "things: status 418: short and stout" || reply.Status != http.StatusTeapot {
		t.Errorf("got %v", err)
	}
}

// Neither the header nor the body of a request reaches what a redirect names: another host, another port, or the same.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := onLoopbackURL(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("a redirect was followed to %s", r.URL) })
	for _, target := range []string{elsewhere + "/leak", strings.Replace(elsewhere, "127.0.0.1", "localhost", 1) + "/leak", "https://other.example/leak", "/leak"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			c := onLoopback(t, platform.Config{Authorize: (&withToken{}).authorize}, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/start" {
					t.Errorf("followed to %s", r.URL.Path)
				}
				http.Redirect(w, r, target, status)
			})
			if reply, err := c.Do(t.Context(), get("/start", new(thing))); err == nil || reply.Status != status {
				t.Errorf("%d to %s: got %v", status, target, err)
			}
		}
	}
}

func TestARefusedTokenIsReplacedOnce(t *testing.T) {
	for renewals, want := range map[int]string{0: "Bearer a", 1: "Bearer a Bearer b", 5: "Bearer a Bearer b"} {
		var seen []string
		a := &withToken{renewals: renewals}
		cfg := platform.Config{Authorize: a.authorize, Refused: a.refused}
		c := onLoopback(t, cfg, func(w http.ResponseWriter, r *http.Request) {
			seen = append(seen, r.Header.Get("Authorization"))
			answer(w, http.StatusUnauthorized, `{}`)
		})
		q := get("/", new(thing))
		q.Retry = false // it was not acted upon: any request may be sent again
		if _, err := c.Do(t.Context(), q); err == nil || strings.Join(seen, " ") != want {
			t.Errorf("%d renewals: sent %q, %v", renewals, seen, err)
		}
	}
}

func TestABodyThatCanBeHadOnceIsSentOnce(t *testing.T) {
	requests := 0
	a := &withToken{renewals: 1}
	c := onLoopback(t, platform.Config{Authorize: a.authorize, Refused: a.refused, Retry: policy}, func(w http.ResponseWriter, r *http.Request) {
		requests++
		_, _ = io.Copy(io.Discard, r.Body)
		answer(w, http.StatusUnauthorized, `{}`)
	})
	body := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("x")), nil }
	_, err := c.Do(t.Context(), platform.Request{Method: http.MethodPost, Path: "/", Body: body, ContentType: "text/plain", Once: true, Retry: true})
	if err == nil || requests != 1 {
		t.Errorf("%d requests, %v", requests, err)
	}
}

func TestWhatEndsACallAsItIs(t *testing.T) {
	boom := errors.New("boom")
	authorize := func(context.Context, *http.Request) error { return boom }
	before := func(context.Context) error { return boom }
	body := func() (io.ReadCloser, error) { return nil, boom }
	for name, c := range map[string]struct {
		cfg platform.Config
		q   platform.Request
	}{
		"authorize": {platform.Config{Authorize: authorize, Retry: policy}, get("/", nil)},
		"before":    {platform.Config{Before: before, Retry: policy}, get("/", nil)},
		"body":      {platform.Config{Retry: policy}, platform.Request{Method: "POST", Path: "/", Body: body, Retry: true}},
	} {
		client := onLoopback(t, c.cfg, func(http.ResponseWriter, *http.Request) { t.Errorf("%s: a request was sent", name) })
		if reply, err := client.Do(t.Context(), c.q); !errors.Is(err, boom) || reply != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAfterSeesEveryReply(t *testing.T) {
	var seen []int
	after := func(r *httpx.Response) { seen = append(seen, r.Status) }
	c := onLoopback(t, platform.Config{After: after}, func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]int{"/a": 200, "/b": 429}[r.URL.Path], `{"id":"1"}`)
	})
	_, _ = c.Do(t.Context(), get("/a", new(thing)))
	_, _ = c.Do(t.Context(), get("/b", new(thing)))
	if len(seen) != 2 || seen[0] != 200 || seen[1] != 429 {
		t.Errorf("saw %v", seen)
	}
}

func TestRequestsThatCannotBeMade(t *testing.T) {
	c := onLoopback(t, platform.Config{}, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, q := range map[string]platform.Request{
		"JSON":   {Method: "POST", Path: "/", JSON: func() {}},
		"method": {Method: "no method", Path: "/"},
	} {
		if _, err := c.Do(t.Context(), q); err == nil || !strings.HasPrefix(err.Error(), "things: ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
