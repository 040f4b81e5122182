package sentrial_test

import (
	"maps"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow26HostedRedirectIsNotFollowed, of a session or of an event: nothing goes to where it leads, and all is delivered once it stops.
func TestRow26HostedRedirectIsNotFollowed(t *testing.T) {
	t.Parallel() // most of it is waiting
	cases := redirections()
	maps.DeleteFunc(cases, func(name string, r redirection) bool { return r.status != 302 && r.status != 307 && r.status/10 == 30 })
	together(t, cases, func(t *testing.T, r redirection) {
		leak := newLeakPort(t)
		step := redirectTo(r.status, leak.in(r.location))
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Creating, nth(1)), step), faultsink.When(faultsink.All(faultsink.Recording, nth(2)), step))
		sink.Watch("canary")
		server, hc := startSink(t, sink, r.tls)
		client := newHostedTrouble(t, sink, server.URL(), hc, sentrial.WithProjectID("p"))
		client.create(3)
		incomplete := client.failure(4)
		checkRedirectError(t, incomplete, r.status, leak.in(r.leads))
		client.checkSecrets("canary", incomplete)
		client.recovered()
		if n := len(sink.Requests()); n != 6 {
			t.Errorf("%d requests, want 6", n)
		}
		leak.check(t)
	})
}
