package sentineltest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sentineltest.New()
		r := rigOf(t, s)
		r.token = ""
		a := r.send("s", "a")
		a.want(t, 401, "Not authenticated")
		if a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("headers %v", a.header)
		}
		r.token = "made up"
		r.send("s", "a").want(t, 401, "Invalid")
		r.token = s.Issue(time.Minute)
		r.send("s", "a").want(t, 200, "")
		time.Sleep(time.Minute)
		r.send("s", "a").want(t, 401, "expired")
		r.token = s.Issue(0)
		time.Sleep(1000 * time.Hour)
		r.send("s", "a").want(t, 200, "")
		s.Forbid(r.token)
		s.Forbid("made up")
		r.send("s", "a").want(t, 403, "permissions")
		s.Expire(r.token)
		r.send("s", "a").want(t, 401, "Invalid")
	})
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sentineltest.New(sentineltest.WithRateLimit(2, 10*time.Second))
		r := rigOf(t, s)
		r.send("s", "a").want(t, 200, "")
		time.Sleep(4 * time.Second)
		r.send("s", "a").want(t, 200, "")
		a := r.send("s", "a")
		a.want(t, 429, "Too many")
		if a.header.Get("Retry-After") != "6" {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
		other := *r
		other.token = s.Issue(0)
		other.send("s", "a").want(t, 200, "")
		time.Sleep(6 * time.Second)
		r.send("s", "a").want(t, 200, "")
		r.send("s", "a").want(t, 429, "")
	})
}

func TestRequestsAreKept(t *testing.T) {
	s := sentineltest.New()
	r := rigOf(t, s)
	r.send("s", "a")
	r.get("none")
	got := s.Requests()
	if len(got) != 2 || got[0].Path != "/api/v1/chat/s/messages" || got[0].Token != s.Token() || got[0].Length != 15 || got[0].Status != 200 ||
		got[1].Method != "GET" || got[1].Status != 404 || got[0].Header.Get("Authorization") != "" || got[0].Header.Get("Content-Type") == "" {
		t.Errorf("it has %+v", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := sentineltest.Start(t, sentineltest.WithRateLimit(1000, time.Minute))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}
	defer client.CloseIdleConnections()
	r := &rig{t, client, s.URL(), s.Token()}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			session := fmt.Sprint("s", i)
			for range 5 {
				r.upload("file", "a", "content")
				r.send(session, "a")
				_, _, _ = s.Requests(), s.Documents(), s.Messages(session)
			}
		})
	}
	wg.Wait()
	if len(s.Documents()) != 100 || len(s.Requests()) != 200 || len(s.Messages("s7")) != 10 {
		t.Errorf("%d documents, %d requests, %d messages", len(s.Documents()), len(s.Requests()), len(s.Messages("s7")))
	}
}
