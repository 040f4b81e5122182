package sentrial_test

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/httpx"
)

// TestRow28HostedTLS: a server that cannot prove who it is gets nothing, and nothing is uncertain for it.
func TestRow28HostedTLS(t *testing.T) {
	t.Parallel() // most of it is waiting
	trusted := newAuthority(t)
	good := secured(trusted.issue(t, "127.0.0.1", time.Now().Add(time.Hour)))
	together(t, distrusts(t, trusted), func(t *testing.T, d distrust) {
		sink := faultsink.NewHosted()
		port := newTap(t)
		port.set(d.serve)
		serveSink(t, port, sink)
		transport := httpx.NewTransport()
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted.roots(), MinVersion: tls.VersionTLS12}
		client := newHostedTrouble(t, sink, "https://"+port.Addr().String(), &http.Client{Transport: transport})
		client.create(4)
		if err := client.failure(5); !d.is(err) {
			t.Errorf("the error is %v (%T)", err, err.Stats.LastError)
		}
		if n := len(sink.Requests()); n != 0 {
			t.Errorf("%d requests came through", n)
		}
		port.set(good)
		client.recovered()
		port.check(t, secretKey, secretProject, client.ids[0])
	})
}

// TestRow29HostedNameNotFound: while the name cannot be looked up the events wait, and none is uncertain.
func TestRow29HostedNameNotFound(t *testing.T) {
	t.Parallel() // most of it is waiting
	together(t, map[string]nameAnswer{
		"no such name": {code: noSuchName}, "server failure": {code: serverFailure}, "no answer": {silent: true},
	}, func(t *testing.T, answer nameAnswer) {
		names := newNameserver(t, answer)
		sink := faultsink.NewHosted()
		dialer := &namedNetwork{resolver: names.resolver(), ports: map[netip.Addr]string{address1: hostPort(faultsink.Start(t, sink))}, timeout: time.Second}
		client := newHostedTrouble(t, sink, "http://"+someName, dialer.client())
		client.create(4)
		if dns := new(net.DNSError); !errors.As(client.failure(5), &dns) || dns.Name != someName {
			t.Errorf("the error is %v", client.Stats().LastError)
		}
		names.say(nameAnswer{address: address1})
		client.recovered()
	})
}

// TestRow29HostedAddressChanges: when the name leads to another server, the session goes on there, if that one knows it; and a connection that has ended meanwhile costs
// no event.
func TestRow29HostedAddressChanges(t *testing.T) {
	t.Parallel() // most of it is waiting
	together(t, map[string]func(*faultsink.Server){
		"old server gone": (*faultsink.Server).Down, "connection cut": (*faultsink.Server).CutConnections,
	}, func(t *testing.T, end func(*faultsink.Server)) {
		names := newNameserver(t, nameAnswer{address: address1})
		sink := faultsink.NewHosted()
		server1, server2 := faultsink.Start(t, sink), faultsink.Start(t, sink)
		dialer := &namedNetwork{resolver: names.resolver(), ports: map[netip.Addr]string{address1: hostPort(server1), address2: hostPort(server2)}, timeout: patience}
		hc := dialer.client()
		client := newHostedTrouble(t, sink, "http://"+someName, hc)
		client.create(4)
		flush(t, client.Client)
		names.say(nameAnswer{address: address2})
		end(server1)
		hc.CloseIdleConnections() // net/http may not have noticed yet, and then an event could be uncertain
		client.create(4)
		client.recovered()
		if at, _ := dialer.last(); at != address2 {
			t.Errorf("it dialed %v last, want %v", at, address2)
		}
	})
}
