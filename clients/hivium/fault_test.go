package hivium_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

// unlucky lets a share of requests fail, the same ones each time.
func unlucky(share float64, faults ...hiviumtest.Fault) hiviumtest.Faults {
	return func(op string, n int) hiviumtest.Fault {
		r := rand.New(rand.NewPCG(uint64(n), uint64(len(op)))) // the same each time
		if r.Float64() < share {
			return faults[r.IntN(len(faults))]
		}
		return nil
	}
}

// A platform of which a fifth fails loses nothing and does nothing twice.
func TestAFifthFails(t *testing.T) {
	for name, f := range map[string][]hiviumtest.Fault{
		"503":  {hiviumtest.Status(503)},
		"lost": {hiviumtest.LostReply()},
		"all": {
			hiviumtest.Status(503), hiviumtest.Status(500), hiviumtest.LostReply(), hiviumtest.NoReply(), hiviumtest.CutReply(), hiviumtest.Status(429),
			hiviumtest.Body("application/json", `{"`), hiviumtest.Body("text/html", `<html>`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := hiviumtest.New(hiviumtest.WithRateLimit(100_000, 60e9))
				c := inMemory(t, h, hivium.WithMaxRetries(8))
				h.Fault(unlucky(0.2, f...))
				var wg sync.WaitGroup
				for i := range 20 {
					wg.Go(func() { converse(t, c, i) })
				}
				wg.Wait()
				h.Fault(nil)
				same(t, "contacts", len(all(t, c.Contacts.All(t.Context(), hivium.ListContacts{}))), 20)
				same(t, "messages", len(all(t, c.Messages.All(t.Context(), hivium.ListMessages{}))), 60)
			})
		})
	}
}

// converse makes a contact, and sends three messages to it.
func converse(t *testing.T, c *hivium.Client, i int) {
	to, err := c.Contacts.Create(t.Context(), hivium.CreateContact{Email: fmt.Sprintf("n%d@example.com", i), Consent: hivium.Consent{hivium.ChannelEmail: true}})
	if err != nil {
		t.Error(err)
		return
	}
	for n := range 3 {
		if _, err := c.Messages.Send(t.Context(), hivium.SendMessage{ContactID: to.ID, Channel: hivium.ChannelEmail, Text: fmt.Sprint(n)}); err != nil {
			t.Error(err)
		}
	}
}

func all[T any](t *testing.T, seq func(func(*T, error) bool)) (list []*T) {
	t.Helper()
	seq(func(v *T, err error) bool {
		if err != nil {
			t.Error(err)
		}
		list = append(list, v)
		return true
	})
	return list
}

// The same over real connections, which break in other ways.
func TestConnectionsThatBreak(t *testing.T) {
	h, c := start(t)
	to := create(t, c, carla)
	for name, f := range map[string]hiviumtest.Fault{"no reply": hiviumtest.NoReply(), "lost": hiviumtest.LostReply(), "cut": hiviumtest.CutReply()} {
		c := connect(t, h, hivium.WithMaxRetries(0))
		h.Fault(func(string, int) hiviumtest.Fault { return f })
		_, err := c.Contacts.Get(t.Context(), to.ID)
		if !errors.Is(err, hivium.ErrNetwork) || errors.Unwrap(errors.Unwrap(err)) == nil && errors.Unwrap(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
		h.Fault(nil)
		if _, err := c.Contacts.Get(t.Context(), to.ID); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
	}
}

// A redirect is an error: neither another host nor another port hears of the key.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var asked atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer other.Close()
	h, c := start(t)
	for _, to := range []string{other.URL, strings.Replace(other.URL, "127.0.0.1", "localhost", 1), h.URL() + "/v1/contacts/x", "https://example.invalid/"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			h.Fault(func(string, int) hiviumtest.Fault { return hiviumtest.Redirect(status, to+"?k="+h.APIKey()) })
			before := h.Count("contacts.get") + h.Count("contacts.create")
			_, err := c.Contacts.Get(t.Context(), "x")
			_, err2 := c.Contacts.Create(t.Context(), carla)
			for _, err := range []error{err, err2} {
				var e *hivium.Error
				if !errors.As(err, &e) || e.Status != status || strings.Contains(err.Error(), h.APIKey()) {
					t.Errorf("%d to %s: %v", status, to, err)
				}
			}
			same(t, "requests", h.Count("contacts.get")+h.Count("contacts.create")-before, 2)
		}
	}
	same(t, "requests to others", asked.Load(), int64(0))
}
