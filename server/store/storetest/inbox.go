package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// request makes one with a body of so many bytes, received n seconds after start.
func request(n, size int) store.InboxRequest {
	return store.InboxRequest{
		Project: fmt.Sprint("p", n%2), Signal: []string{"traces", "logs"}[n%2], Form: 1 + n%2, ReceivedAt: start.Add(time.Duration(n) * time.Second),
		Body: bytes.Repeat([]byte{byte(n), 0, 255, '\''}, size/4),
	}
}

func (f *fixture) keepInbox(r store.InboxRequest) store.InboxRequest {
	f.t.Helper()
	id, err := f.KeepInbox(f.t.Context(), r)
	if err != nil {
		f.t.Fatal(err)
	}
	r.ID = id
	return r
}

func (f *fixture) inbox(after int64, limit int) []store.InboxRequest {
	f.t.Helper()
	all, err := f.ReadInbox(f.t.Context(), after, limit)
	if err != nil {
		f.t.Fatal(err)
	}
	return all
}

func inboxKeepsRequests(t *testing.T, f *fixture) {
	want(t, "a new inbox", len(f.inbox(0, 10)), 0)
	var kept []store.InboxRequest
	for n, size := range []int{0, 4, 100, 200, 9000, 3 << 20} {
		kept = append(kept, f.keepInbox(request(n, size)))
	}
	want(t, "all of it", f.inbox(0, 100), kept)
	want(t, "the first two", f.inbox(0, 2), kept[:2])
	want(t, "what is behind", f.inbox(kept[3].ID, 100), kept[4:])
	for i := 1; i < len(kept); i++ {
		if kept[i].ID <= kept[i-1].ID {
			t.Errorf("the id %d after %d", kept[i].ID, kept[i-1].ID)
		}
	}
}

func inboxSettles(t *testing.T, f *fixture) {
	first, second, third := f.keepInbox(request(1, 100)), f.keepInbox(request(2, 100)), f.keepInbox(request(3, 100))
	settle := func(done []int64, parts ...store.InboxPart) {
		t.Helper()
		if err := f.SettleInbox(t.Context(), done, parts); err != nil {
			t.Fatal(err)
		}
	}
	settle(nil)
	settle([]int64{second.ID, 99}, store.InboxPart{ID: third.ID, Part: []byte("b\x00")}, store.InboxPart{ID: third.ID, Part: []byte("a")}, store.InboxPart{ID: first.ID, Part: []byte("a")})
	settle(nil, store.InboxPart{ID: third.ID, Part: []byte("a")}, store.InboxPart{ID: second.ID, Part: []byte("late")})
	third.Done, first.Done = [][]byte{[]byte("a"), []byte("b\x00")}, [][]byte{[]byte("a")}
	want(t, "what is left", f.inbox(0, 10), []store.InboxRequest{first, third})
	settle([]int64{first.ID, third.ID})
	want(t, "nothing", len(f.inbox(0, 10)), 0)
	if again := f.keepInbox(request(4, 8)); again.ID <= third.ID || len(f.inbox(0, 10)[0].Done) > 0 {
		t.Errorf("the id %d was given before, or what was noted of %d", third.ID, again.ID)
	}
}

// inboxIsReadInPieces: what is read at a time is bounded in bytes too.
func inboxIsReadInPieces(t *testing.T, f *fixture) {
	const size = 5 << 20
	for range 5 {
		f.keepInbox(store.InboxRequest{Project: project, Signal: "traces", Form: 1, ReceivedAt: start, Body: []byte(strings.Repeat("x", size))})
	}
	var pages []int
	for after := int64(0); ; {
		page := f.inbox(after, 100)
		if len(page) == 0 {
			break
		}
		pages, after = append(pages, len(page)), page[len(page)-1].ID
	}
	if len(pages) < 2 || pages[0] > 4 {
		t.Errorf("pages of %v requests of %d bytes", pages, size)
	}
}

func inboxOfAClosedStore(t *testing.T, f *fixture) {
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	_, kept := f.KeepInbox(t.Context(), request(1, 10))
	_, read := f.ReadInbox(t.Context(), 0, 1)
	if settled := f.SettleInbox(t.Context(), []int64{1}, nil); kept == nil || read == nil || settled == nil || errors.Is(kept, store.ErrReadOnly) {
		t.Errorf("a closed store keeps (%v), reads (%v) and settles (%v)", kept, read, settled)
	}
}
