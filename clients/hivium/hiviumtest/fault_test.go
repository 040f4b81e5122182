package hiviumtest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

// Faults answer in the platform's place, and those that say so only after it did its work.
func TestFaults(t *testing.T) {
	h := hiviumtest.Start(t)
	client := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(client.CloseIdleConnections)
	post := func(f hiviumtest.Fault) (status int, body string, header http.Header, err error) {
		h.Fault(func(op string, n int) hiviumtest.Fault {
			if op != "contacts.create" || n < 1 {
				t.Errorf("request %d of %s", n, op)
			}
			return f
		})
		defer h.Fault(nil)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL()+"/v1/contacts", strings.NewReader(contact))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+h.APIKey())
		reply, err := client.Do(r)
		if err != nil {
			return 0, "", nil, err
		}
		defer reply.Body.Close()
		text, err := io.ReadAll(reply.Body)
		return reply.StatusCode, string(text), reply.Header, err
	}
	for name, test := range map[string]struct {
		fault  hiviumtest.Fault
		status int
		body   string
		broken bool
		done   int
	}{
		"none":     {nil, 201, `"id":"cnt_`, false, 1},
		"status":   {hiviumtest.Status(503), 503, `"code":"internal_error"`, false, 0},
		"wait":     {hiviumtest.RetryAfter(429, 7*time.Second), 429, `"code":"rate_limited"`, false, 0},
		"nothing":  {hiviumtest.NoReply(), 0, "", true, 0},
		"lost":     {hiviumtest.LostReply(), 0, "", true, 1},
		"cut":      {hiviumtest.CutReply(), 201, `{"id"`, true, 1},
		"other":    {hiviumtest.Body("text/html", "<html>"), 200, "<html>", false, 1},
		"redirect": {hiviumtest.Redirect(307, "https://other.example/"), 307, "", false, 0},
	} {
		before := contacts(h)
		status, body, header, err := post(test.fault)
		if status != test.status || !strings.Contains(body, test.body) || (err != nil) != test.broken || contacts(h)-before != test.done {
			t.Errorf("%s: %d %q %v, %d done", name, status, body, err, contacts(h)-before)
		}
		if name == "wait" && header.Get("Retry-After") != "7" || name == "redirect" && header.Get("Location") != "https://other.example/" {
			t.Errorf("%s: headers %v", name, header)
		}
	}
}

func contacts(h *hiviumtest.Server) int {
	return strings.Count(ask(h, "GET", "/v1/contacts", "").Body.String(), `"id":"cnt_`)
}

// What decides about faults may ask the server how far things are.
func TestFaultsMayUseTheServer(t *testing.T) {
	h := hiviumtest.Start(t)
	counted := 0
	h.Fault(func(op string, n int) hiviumtest.Fault {
		counted = h.Count(op)
		return nil
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL()+"/v1/contacts", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.APIKey())
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	reply, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if counted != 1 || reply.StatusCode != http.StatusOK {
		t.Errorf("counted %d requests, answered %d", counted, reply.StatusCode)
	}
}
