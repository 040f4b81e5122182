package e2e_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// pair are two servers over one new file, started at the same moment.
func pair(t *testing.T, file string) (urls [2]string) {
	t.Helper()
	var wg sync.WaitGroup
	var servers [2]*exec.Cmd
	for i := range servers {
		wg.Go(func() {
			var addr string
			servers[i], addr = startServer(t, file, "")
			urls[i] = "http://" + addr
		})
	}
	wg.Wait()
	return urls
}

// TestRow83TwoServersOnOneFile has both take the same events at the same time, and others besides.
func TestRow83TwoServersOnOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	urls := pair(t, file)
	run := &killRun{t: t, acknowledged: make(map[string]bool)}
	var wg sync.WaitGroup
	for sender := range senders {
		random := rand.New(rand.NewPCG(83, uint64(sender)))
		wg.Go(func() {
			for range 25 {
				same := run.batch(random)
				var both sync.WaitGroup
				for _, url := range urls {
					both.Go(func() { run.mustPost(url, same) })
				}
				run.mustPost(urls[sender%2], run.batch(random))
				both.Wait()
			}
		})
	}
	wg.Wait()
	run.check(file)
	wantSound(t, file)
}

func (k *killRun) mustPost(url string, batch []sentEvent) {
	if !k.post(url, batch) {
		k.t.Errorf("%d events were not acknowledged", len(batch))
	}
}

func wantSound(t *testing.T, file string) {
	t.Helper()
	db := reader(t, file)
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("the file: %s, %v", verdict, err)
	}
}

// tells posts events and returns what became of them.
func tells(t *testing.T, url string, events ...string) (reply struct {
	Accepted, Duplicates int
	Rejected             []struct{ Code string }
},
) {
	t.Helper()
	call(t, http.MethodPost, url+"/v1/events", fmt.Sprintf(`{"events":[%s]}`, strings.Join(events, ",")), &reply)
	return reply
}

// event83 is the JSON of an event; more are further members.
func event83(id, kind, session, more string) string {
	return fmt.Sprintf(`{"id":%q,"type":%q,"session_id":%q,"timestamp":"2026-11-22T00:16:56Z"%s}`, id, kind, session, more)
}

// TestRow83WhatOneServerDoesTheOtherKnows: an alias, a deletion and the two reports of one span, each through another server.
func TestRow83WhatOneServerDoesTheOtherKnows(t *testing.T) {
	urls := pair(t, filepath.Join(t.TempDir(), "s.db"))
	for round := range 10 {
		one, other := urls[round%2], urls[1-round%2]
		id := func(name string) string { return fmt.Sprint(name, round) }
		tells(t, one, event83(id("run"), "llm_call", id("a"), `,"status":"running","prompt_tokens":5`))
		tells(t, other, event83(id("alias"), "session_alias", id("a"), `,"into":"`+id("s")+`"`))
		tells(t, one, event83(id("late"), "step", id("a"), ""))
		tells(t, other, event83(id("run"), "llm_call", id("s"), `,"status":"success","prompt_tokens":7`))
		for _, url := range urls {
			var s struct {
				ID     string
				Events int
				Prompt int `json:"prompt_tokens"`
			}
			read(t, url+"/v1/sessions/"+id("a"), &s)
			if want := fmt.Sprintf("{%s 3 7}", id("s")); fmt.Sprint(s) != want {
				t.Errorf("got %v, want %s", s, want)
			}
		}
		call(t, http.MethodDelete, one+"/v1/sessions/"+id("s"), "", nil)
		got := tells(t, other, event83(id("run"), "llm_call", id("s"), ""), event83(id("more"), "step", id("a"), ""))
		if got.Duplicates != 1 || len(got.Rejected) != 1 || got.Rejected[0].Code != "session_deleted" {
			t.Errorf("after the deletion: %+v", got)
		}
	}
}

// call makes a request that must succeed.
func call(t *testing.T, method, url, body string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %s", method, url, resp.Status)
	}
	if into != nil {
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
}
