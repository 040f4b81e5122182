package hivium_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// connect gives a client of h with the key that may do everything.
func connect(t *testing.T, h *hiviumtest.Server, opts ...hivium.Option) *hivium.Client {
	t.Helper()
	return connectAs(t, h, h.APIKey(), opts...)
}

func connectAs(t *testing.T, h *hiviumtest.Server, key string, opts ...hivium.Option) *hivium.Client {
	t.Helper()
	c, err := hivium.New(key, append([]hivium.Option{hivium.WithBaseURL(h.URL())}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// start gives a platform that takes many requests, and its client: for tests that are not about the rate limit.
func start(t *testing.T, opts ...hivium.Option) (*hiviumtest.Server, *hivium.Client) {
	t.Helper()
	h := hiviumtest.Start(t, hiviumtest.WithRateLimit(10_000, 60e9))
	return h, connect(t, h, append(opts, hivium.WithRateLimit(0, 0))...)
}

// inMemory gives a platform and its client for a bubble.
func inMemory(t *testing.T, h *hiviumtest.Server, opts ...hivium.Option) *hivium.Client {
	t.Helper()
	s := memhttp.New(t, h)
	c, err := hivium.New(h.APIKey(), append([]hivium.Option{hivium.WithBaseURL(s.URL()), hivium.WithHTTPClient(s.Client())}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// first makes the first n requests of an operation fail.
func first(n int, operation string, f hiviumtest.Fault) hiviumtest.Faults {
	return func(op string, count int) hiviumtest.Fault {
		if op == operation && count <= n {
			return f
		}
		return nil
	}
}

var carla = hivium.CreateContact{
	FirstName: "Carla", LastName: "M.", Email: "carla@example.com", Phone: "+15551234567",
	Consent: hivium.Consent{hivium.ChannelEmail: true, hivium.ChannelWhatsApp: false}, Tags: []string{"enterprise"},
}

func create(t *testing.T, c *hivium.Client, contact hivium.CreateContact) *hivium.Contact {
	t.Helper()
	made, err := c.Contacts.Create(t.Context(), contact)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func ptr[T any](v T) *T { return &v }
