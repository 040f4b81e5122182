package bulk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/bulk"
)

// byTurns are n events of some clients by turns, each client with a session of its own.
func byTurns(n, clients int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{\"id\":\"e%d\",\"session_id\":\"s%d\",\"client_id\":\"c%d\"}\n", i+1, i%clients, i%clients)
	}
	return b.String()
}

// request is what a target gets.
type request struct {
	Client struct{ ID string }
	Events []struct {
		ID       string
		Session  string `json:"session_id"`
		ClientID string `json:"client_id"`
	}
}

func (s *target) requests(t *testing.T) (all []request) {
	t.Helper()
	for _, body := range s.batches {
		var r request
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			t.Fatal(err)
		}
		for _, e := range r.Events {
			if e.ClientID != r.Client.ID {
				t.Fatalf("an event of %q among those of %q", e.ClientID, r.Client.ID)
			}
		}
		all = append(all, r)
	}
	return all
}

func TestClientsByTurnsShareFewRequests(t *testing.T) {
	for _, test := range []struct{ events, clients, requests int }{
		{1000, 2, 2}, {5000, 5, 5}, {5001, 5, 6}, {2560, 256, 256}, {514, 257, 514}, {2, 2, 2}, {0, 1, 0},
	} {
		var to target
		sum, err := bulk.Import(t.Context(), strings.NewReader(byTurns(test.events, test.clients)), &to, &watcher{})
		if err != nil || sum.Accepted != test.events || len(to.requests(t)) != test.requests {
			t.Errorf("%+v: %d requests, sum %+v, %v", test, len(to.batches), sum, err)
		}
		if want := fmt.Sprintf("line:%d", test.events); test.events > 0 && sum.Last != want {
			t.Errorf("%+v: last %s, want %s", test, sum.Last, want)
		}
		last := map[string]int{}
		for _, r := range to.requests(t) {
			for _, e := range r.Events {
				var n int
				_, _ = fmt.Sscanf(e.ID, "e%d", &n)
				if n <= last[e.Session] {
					t.Fatalf("%+v: %s comes after e%d", test, e.ID, last[e.Session])
				}
				last[e.Session] = n
			}
		}
	}
}

// TestASessionOfSeveralClientsStaysInOrder, and so does one that gets another name.
func TestASessionOfSeveralClientsStaysInOrder(t *testing.T) {
	var to target
	text := `{"id":"1","session_id":"s","client_id":"a"}
{"id":"2","session_id":"t","client_id":"b"}
{"id":"3","session_id":"s","client_id":"a"}
{"id":"4","session_id":"\u0073","client_id":"b"}
{"id":"5","session_id":"u","client_id":"b"}
{"id":"6","session_id":"v","into":"u","client_id":"a"}
{"id":"7","session_id":"w","client_id":"b"}
`
	if _, err := bulk.Import(t.Context(), strings.NewReader(text), &to, &watcher{}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range to.requests(t) {
		line := r.Client.ID
		for _, e := range r.Events {
			line += e.ID
		}
		got = append(got, line)
	}
	if want := []string{"a13", "b2", "b45", "a6", "b7"}; !reflect.DeepEqual(got, want) {
		t.Errorf("requests %v, want %v", got, want)
	}
}

func TestBatchesOfManyClientsAreBoundedInBytesTogether(t *testing.T) {
	var text strings.Builder
	for i := range 12 {
		fmt.Fprintf(&text, "{\"session_id\":\"s%d\",\"client_id\":\"c%d\",\"x\":%q}\n", i%3, i%3, strings.Repeat("x", 1<<20))
	}
	var to target
	if _, err := bulk.Import(t.Context(), strings.NewReader(text.String()), &to, &watcher{}); err != nil {
		t.Fatal(err)
	}
	if len(to.batches) != 12 { // three events fill what there is for all
		t.Errorf("%d requests", len(to.batches))
	}
}

// TestWhereAnImportByTurnsStopped: not behind events that were not sent.
func TestWhereAnImportByTurnsStopped(t *testing.T) {
	refused := &apiclient.Error{Status: 403}
	to := target{}
	to.answer = func(_ string, n int) (apiclient.Receipt, error) {
		if len(to.batches) == 4 {
			return apiclient.Receipt{}, refused
		}
		return apiclient.Receipt{Accepted: n}, nil
	}
	sum, err := bulk.Import(t.Context(), strings.NewReader(byTurns(4000, 2)), &to, &watcher{})
	if !errors.Is(err, refused) || sum.Accepted != 3000 || sum.Last != "line:2000" || !sum.Interrupted {
		t.Errorf("sum = %+v, %v", sum, err)
	}
}
