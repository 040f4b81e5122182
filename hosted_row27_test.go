package sentrial_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// liars are the ways to end a connection that say, of a request that was read and stored, that it was not looked at.
var liars = []string{"GOAWAY, request not looked at", "GOAWAY to calm down", "RST_STREAM, refused"}

// hostedFarewells are those of the batch wire but for the lies: there the event's id saves us, and here nothing does.
func hostedFarewells() map[string]farewell {
	all := farewells()
	maps.DeleteFunc(all, func(name string, f farewell) bool {
		return f.commit && slices.ContainsFunc(liars, func(liar string) bool { return strings.HasPrefix(name, liar) })
	})
	for name, f := range all {
		f.path = "/api/sdk/events"
		all[name] = f
	}
	return all
}

// TestRow27HostedConnectionEndsMidFlight: whenever and however an HTTP/2 connection ends, an event is stored once or uncertain. It is not uncertain if the server says
// that it has not looked at it.
func TestRow27HostedConnectionEndsMidFlight(t *testing.T) {
	t.Parallel() // most of it is waiting
	cases := map[string]func(t *testing.T){}
	for name, f := range hostedFarewells() {
		cases[name] = func(t *testing.T) {
			sink := faultsink.NewHosted(knowing)
			know(sink)
			server, hc, came := f.serve(t, sink)
			client := newHostedTrouble(t, sink, server.URL, hc)
			client.record(client.Session(knownSession), 3, 70<<10)
			uncertain := client.settled()
			if !<-came {
				t.Error("the connection ended before the moment came")
			}
			if least, most := uncertainAfter(name, f); uncertain < least || uncertain > most {
				t.Errorf("%d events are uncertain, want %d to %d", uncertain, least, most)
			}
		}
	}
	together(t, cases, func(t *testing.T, run func(*testing.T)) { run(t) })
}

// uncertainAfter is how many events may be uncertain after a farewell to the first request.
func uncertainAfter(name string, f farewell) (least, most int) {
	switch {
	case f.commit:
		return 1, 1
	case strings.HasPrefix(name, liars[0]), strings.HasPrefix(name, liars[2]):
		return 0, 0
	}
	return 0, 1
}

// TestRow27HostedStreams: what ends one request leaves the connection to the others.
func TestRow27HostedStreams(t *testing.T) {
	t.Parallel() // most of it is waiting
	type fault struct {
		secure      bool
		step        faultsink.Step
		least, most int // events that are uncertain
	}
	faults := map[string]fault{}
	for _, secure := range []bool{true, false} {
		for name, f := range map[string]fault{
			"RST_STREAM before the body": {step: faultsink.Reset, most: 1},
			"RST_STREAM after the body":  {step: faultsink.ResetAfterBody, least: 1, most: 1},
			"RST_STREAM after commit":    {step: faultsink.LoseReply, least: 1, most: 1},
			"reply cut":                  {step: faultsink.Cut(faultsink.Accept), least: 1, most: 1},
			"answered without the body":  {step: faultsink.Answer(503, "text/plain", "busy")},
			"GOAWAY with a failure":      {step: faultsink.Status(503, faultsink.Set("Connection", "close"))},
			"GOAWAY with an answer":      {step: faultsink.With(faultsink.Accept, faultsink.Set("Connection", "close"))},
		} {
			f.secure = secure
			faults[fmt.Sprint(name, ", TLS ", secure)] = f
		}
	}
	together(t, faults, func(t *testing.T, f fault) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, nth(5)), f.step))
		server, hc := h2Server(t, sink, f.secure, asItIs)
		client := newHostedTrouble(t, sink, server.URL, hc)
		client.create(10)
		client.create(10)
		if uncertain := client.settled(); uncertain < f.least || uncertain > f.most {
			t.Errorf("%d events are uncertain, want %d to %d", uncertain, f.least, f.most)
		}
		checkHTTP2(t, sink.Requests())
	})
}
