package sentineltest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault sentineltest.Fault
		taken bool   // the message
		want  string // of the answer, or of the error
	}{
		"status":   {sentineltest.Fault{Status: 503}, false, "503 application/json {}"},
		"detail":   {sentineltest.Fault{Status: 500, Detail: "oh"}, false, `500 application/json {"detail":"oh"}`},
		"page":     {sentineltest.Fault{Status: 502, Body: "<p>"}, false, "502 text/html; charset=utf-8 <p>"},
		"garbled":  {sentineltest.Fault{Garble: true}, true, "200 text/html; charset=utf-8 <html>"},
		"dropped":  {sentineltest.Fault{Drop: true}, false, "EOF"},
		"lost":     {sentineltest.Fault{LoseReply: true}, true, "EOF"},
		"cut":      {sentineltest.Fault{CutBody: true}, true, "unexpected EOF"},
		"hanging":  {sentineltest.Fault{Hang: true}, false, "exceeded"},
		"delayed":  {sentineltest.Fault{Delay: time.Second}, true, "200 application/json"},
		"too slow": {sentineltest.Fault{Delay: time.Minute, Status: 503}, false, "exceeded"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := sentineltest.New()
			s.Inject(c.fault)
			r := rigOf(t, s)
			r.client.Timeout = 10 * time.Second
			if got := r.raw(); !strings.Contains(got, c.want) {
				t.Errorf("%s: got %q, want %q", name, got, c.want)
			}
			if taken := len(s.Messages("s")) > 0; taken != c.taken {
				t.Errorf("%s: the message was taken: %v", name, taken)
			}
			if got := r.raw(); !strings.Contains(got, "200 application/json") {
				t.Errorf("%s: the next request got %q", name, got)
			}
		})
	}
}

// raw sends a message, and gives the answer or the error as text.
func (r *rig) raw() string {
	req, _ := http.NewRequestWithContext(r.t.Context(), "POST", r.url+"/api/v1/chat/s/messages", strings.NewReader(`{"message":"a"}`))
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("Content-Type", "application/json")
	reply, err := r.client.Do(req)
	if err != nil {
		return err.Error()
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	return fmt.Sprint(reply.StatusCode, " ", reply.Header.Get("Content-Type"), " ", string(body), err)
}

func TestInjectFunc(t *testing.T) {
	s := sentineltest.New()
	s.InjectFunc(func(r *http.Request) *sentineltest.Fault {
		if strings.Contains(r.URL.Path, "bad") {
			return &sentineltest.Fault{Status: 302, Location: "/elsewhere", RetryAfter: "3"}
		}
		return nil
	})
	r := rigOf(t, s)
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r.send("good", "a").want(t, 200, "")
	a := r.send("bad", "a")
	a.want(t, 302, "")
	if a.header.Get("Location") != "/elsewhere" || a.header.Get("Retry-After") != "3" {
		t.Errorf("headers %v", a.header)
	}
}
