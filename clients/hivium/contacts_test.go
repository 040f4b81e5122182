package hivium_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

func TestAContactsLife(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	made := create(t, c, carla)
	if !strings.HasPrefix(made.ID, "cnt_") || made.FirstName != "Carla" || made.LastName != "M." || made.Email != "carla@example.com" || made.Phone != "+15551234567" ||
		!made.Consent[hivium.ChannelEmail] || made.Consent[hivium.ChannelWhatsApp] || !slices.Equal(made.Tags, []string{"enterprise"}) || made.CreatedAt.IsZero() {
		t.Errorf("created %+v", made)
	}
	got, err := c.Contacts.Get(ctx, made.ID)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(made) {
		t.Errorf("got %+v, %v", got, err)
	}
	changed, err := c.Contacts.Update(ctx, made.ID, hivium.UpdateContact{LastName: ptr(""), Consent: hivium.Consent{hivium.ChannelWhatsApp: true}, Tags: []string{}})
	if err != nil || changed.FirstName != "Carla" || changed.LastName != "" || !changed.Consent[hivium.ChannelEmail] || !changed.Consent[hivium.ChannelWhatsApp] || len(changed.Tags) != 0 {
		t.Errorf("changed to %+v, %v", changed, err)
	}
	if changed, err = c.Contacts.Update(ctx, made.ID, hivium.UpdateContact{FirstName: ptr("C."), Email: ptr("c@example.com"), Phone: ptr("")}); err != nil ||
		changed.FirstName+changed.Email+changed.Phone != "C.c@example.com" || changed.ID != made.ID || !changed.CreatedAt.Equal(made.CreatedAt) {
		t.Errorf("changed to %+v, %v", changed, err)
	}
	if err := c.Contacts.Delete(ctx, made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Contacts.Get(ctx, made.ID); !errors.Is(err, hivium.ErrNotFound) {
		t.Errorf("got what was deleted: %v", err)
	}
	if err := c.Contacts.Delete(ctx, made.ID); !errors.Is(err, hivium.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	if _, err := c.Contacts.Update(ctx, made.ID, hivium.UpdateContact{Email: ptr("x@y.z")}); !errors.Is(err, hivium.ErrNotFound) {
		t.Errorf("changed what was deleted: %v", err)
	}
}

func TestIDsThatAreNoneAreNotSent(t *testing.T) {
	h, c := start(t)
	for _, id := range []string{"", ".", ".."} {
		if _, err := c.Contacts.Get(t.Context(), id); !errors.Is(err, hivium.ErrInvalidRequest) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := c.Contacts.Get(t.Context(), "a/../b?c#d %"); !errors.Is(err, hivium.ErrNotFound) {
		t.Errorf("an id of special characters: %v", err)
	}
	same(t, "requests", h.Count("contacts.get"), 1)
}

func TestListingContacts(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	var want []string
	for i := range 25 {
		made := create(t, c, hivium.CreateContact{FirstName: fmt.Sprintf("N%02d", i), Email: fmt.Sprintf("e%02d@example.com", i), Tags: []string{[]string{"odd", "even"}[i%2]}})
		want = append(want, made.ID)
	}
	for _, limit := range []int{0, 1, 7, 25, 100} {
		var got []string
		for contact, err := range c.Contacts.All(ctx, hivium.ListContacts{PageOptions: hivium.PageOptions{Limit: limit}}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, contact.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: %d contacts, want %d", limit, len(got), len(want))
		}
	}
	page, err := c.Contacts.List(ctx, hivium.ListContacts{PageOptions: hivium.PageOptions{Limit: 20}})
	if err != nil || len(page.Data) != 20 || page.NextCursor == "" {
		t.Fatalf("got %+v, %v", page, err)
	}
	rest, err := c.Contacts.List(ctx, hivium.ListContacts{PageOptions: hivium.PageOptions{Limit: 20, Cursor: page.NextCursor}})
	if err != nil || len(rest.Data) != 5 || rest.NextCursor != "" || rest.Data[0].ID != want[20] {
		t.Errorf("the rest is %+v, %v", rest, err)
	}
	found := func(l hivium.ListContacts) int {
		t.Helper()
		page, err := c.Contacts.List(ctx, l)
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Data)
	}
	same(t, "by name", found(hivium.ListContacts{Query: "n07"}), 1)
	same(t, "by email", found(hivium.ListContacts{Query: "@EXAMPLE.com"}), 25)
	same(t, "by tag", found(hivium.ListContacts{Tag: "odd"}), 13)
	same(t, "by all", found(hivium.ListContacts{Tag: "odd", Query: "N07"}), 0)
	same(t, "since the last", found(hivium.ListContacts{UpdatedSince: rest.Data[4].UpdatedAt}), 1)
	same(t, "since tomorrow", found(hivium.ListContacts{UpdatedSince: time.Now().Add(24 * time.Hour)}), 0)
	for name, o := range map[string]hivium.PageOptions{"cursor of another list": {Cursor: page.NextCursor}, "no cursor": {Cursor: "!"}, "limit": {Limit: 1000}} {
		if _, err := c.Contacts.List(ctx, hivium.ListContacts{Query: "x", PageOptions: o}); !errors.Is(err, hivium.ErrValidation) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A list ends with an error that is told, with whoever has enough, and with a server that gives the same page for ever.
func TestListsThatBreakOff(t *testing.T) {
	h, c := start(t, hivium.WithMaxRetries(0))
	for range 3 {
		create(t, c, carla)
	}
	count := func() (n int, last error) {
		for _, err := range c.Contacts.All(t.Context(), hivium.ListContacts{PageOptions: hivium.PageOptions{Limit: 1}}) {
			if last = err; err == nil {
				n++
			}
		}
		return n, last
	}
	for _, err := range c.Contacts.All(t.Context(), hivium.ListContacts{PageOptions: hivium.PageOptions{Limit: 1}}) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	same(t, "pages for one contact", h.Count("contacts.list"), 1)
	h.Fault(func(op string, n int) hiviumtest.Fault {
		if n == 3 {
			return hiviumtest.Status(403)
		}
		return nil
	})
	if n, err := count(); n != 1 || !errors.Is(err, hivium.ErrInsufficientScope) {
		t.Errorf("%d contacts, %v", n, err)
	}
	h.Fault(func(string, int) hiviumtest.Fault {
		return hiviumtest.Body("application/json", `{"data":[{"id":"x"}],"next_cursor":"again"}`)
	})
	if n, err := count(); n != 1 || !errors.Is(err, hivium.ErrUnexpectedReply) || !strings.Contains(err.Error(), "would not end") {
		t.Errorf("%d contacts, %v", n, err)
	}
	h.Fault(func(_ string, n int) hiviumtest.Fault {
		return hiviumtest.Body("application/json", fmt.Sprintf(`{"data":[{"id":"x"}],"next_cursor":"%d"}`, n%3))
	})
	if n, err := count(); n != 3 || !errors.Is(err, hivium.ErrUnexpectedReply) {
		t.Errorf("pages that go round: %d contacts, %v", n, err)
	}
}
