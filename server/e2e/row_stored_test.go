package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// stored is all events of a session, in the server's order, by as many pages as it takes.
func (i ingestion) stored(t *testing.T, session string) (events []types.Event) {
	t.Helper()
	return pages[types.Event](t, fmt.Sprintf("%s/v1/sessions/%s/events?limit=1000", i.url, session))
}

// pages reads a list to its end.
func pages[T any](t *testing.T, list string) (items []T) {
	t.Helper()
	for path := list; ; {
		var page struct {
			Data []T    `json:"data"`
			Next string `json:"next_cursor"`
		}
		read(t, path, &page)
		items = append(items, page.Data...)
		if page.Next == "" {
			return items
		}
		path = list + "&cursor=" + url.QueryEscape(page.Next)
	}
}

func read(t *testing.T, url string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v", url, resp.Status, err)
	}
}

// onlySession is the one session there is.
func (i ingestion) onlySession(t *testing.T) types.Session {
	t.Helper()
	sessions := i.sessions(t)
	if len(sessions) != 1 {
		t.Fatalf("the server has %d sessions, want 1", len(sessions))
	}
	return sessions[0]
}

// inputs is what the tool calls among the events were given, which are numbers, in ascending order.
func inputs(t *testing.T, events []types.Event) (numbers []int) {
	t.Helper()
	for _, e := range events {
		if e.Type != types.EventToolCall {
			continue
		}
		n, err := strconv.Atoi(text(t, e.ToolCall.ToolInput))
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}

// count is the numbers from first up to, but without, end.
func count(first, end int) (numbers []int) {
	for n := first; n < end; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

// unbroken tells of a session whose events come in the order they were made, with none missing between the first and the last.
func unbroken(t *testing.T, events []types.Event) {
	t.Helper()
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Errorf("the event in place %d, a %s, has seq %d", i+1, e.Type, e.Seq)
			return
		}
	}
}
