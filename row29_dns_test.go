package sentrial_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/httpx"
)

// someName is the API's in these tests.
const someName = "events.sentrial.test"

// The addresses that the name stands for. Tests bind to 127.0.0.1 only, so these lead to ports of it.
var address1, address2 = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")

// namedNetwork dials as a net.Dialer with a resolver of its own does: first the name, then the address.
type namedNetwork struct {
	resolver *net.Resolver
	ports    map[netip.Addr]string
	timeout  time.Duration // of looking up a name

	mu     sync.Mutex
	dialed []netip.Addr
}

func (n *namedNetwork) dial(ctx context.Context, kind, hostPort string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	looking, cancel := context.WithTimeout(ctx, n.timeout)
	defer cancel()
	addresses, err := n.resolver.LookupNetIP(looking, "ip4", host)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: kind, Err: err}
	}
	address := addresses[0].Unmap()
	n.mu.Lock()
	n.dialed = append(n.dialed, address)
	n.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, kind, n.ports[address])
}

func (n *namedNetwork) client() *http.Client {
	transport := httpx.NewTransport()
	transport.DialContext = n.dial
	return &http.Client{Transport: transport}
}

// last is the address that was dialed last, after how many others.
func (n *namedNetwork) last() (netip.Addr, int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dialed[len(n.dialed)-1], len(n.dialed) - 1
}

// hostPort is where a server listens.
func hostPort(s *faultsink.Server) string { return s.URL()[len("http://"):] }

// TestRow29NameNotFound: while the name cannot be looked up the events wait, the error says why, and they are delivered once it can be.
func TestRow29NameNotFound(t *testing.T) {
	t.Parallel() // most of it is waiting
	type trouble struct {
		answer nameAnswer
		is     func(*net.DNSError) bool
	}
	together(t, map[string]trouble{
		"no such name":   {nameAnswer{code: noSuchName}, func(e *net.DNSError) bool { return e.IsNotFound }},
		"server failure": {nameAnswer{code: serverFailure}, func(e *net.DNSError) bool { return e.IsTemporary && !e.IsNotFound }},
		"no answer":      {nameAnswer{silent: true}, func(e *net.DNSError) bool { return e.IsTimeout }},
	}, func(t *testing.T, c trouble) {
		names := newNameserver(t, c.answer)
		sink := faultsink.New()
		dialer := &namedNetwork{resolver: names.resolver(), ports: map[netip.Addr]string{address1: hostPort(faultsink.Start(t, sink))}, timeout: time.Second}
		client := newTroubled(t, "http://"+someName, dialer.client())
		ids := record(t, client.Client, 5)
		err := client.failure(5)
		if dns := new(net.DNSError); !errors.As(err, &dns) || dns.Name != someName || !c.is(dns) {
			t.Errorf("the error is %v", err)
		}
		names.say(nameAnswer{address: address1})
		client.recovered(sink, ids)
	})
}

// TestRow29SystemDialer is the same with the lookups that net/http's own dialer makes.
func TestRow29SystemDialer(t *testing.T) {
	t.Parallel() // most of it is waiting
	names := newNameserver(t, nameAnswer{code: noSuchName})
	sink := faultsink.New()
	server := faultsink.Start(t, sink)
	transport := httpx.NewTransport()
	transport.DialContext = (&net.Dialer{Resolver: names.resolver()}).DialContext
	_, port, err := net.SplitHostPort(hostPort(server))
	if err != nil {
		t.Fatal(err)
	}
	client := newTroubled(t, "http://"+someName+":"+port, &http.Client{Transport: transport})
	ids := record(t, client.Client, 5)
	if dns := new(net.DNSError); !errors.As(client.failure(5), &dns) || !dns.IsNotFound {
		t.Errorf("the error is %v", client.Stats().LastError)
	}
	names.say(nameAnswer{address: netip.MustParseAddr("127.0.0.1")})
	client.recovered(sink, ids)
}

// TestRow29AddressChanges: when the name leads elsewhere, the end of the old connection leads to a new lookup and so to the new server.
func TestRow29AddressChanges(t *testing.T) {
	t.Parallel() // most of it is waiting
	together(t, map[string]func(*faultsink.Server){
		"old server gone":          (*faultsink.Server).Down,
		"connection cut":           (*faultsink.Server).CutConnections,
		"connection closed calmly": nil, // with the reply
	}, func(t *testing.T, end func(*faultsink.Server)) {
		names := newNameserver(t, nameAnswer{address: address1})
		farewell := faultsink.Accept
		if end == nil {
			farewell = faultsink.With(faultsink.Accept, faultsink.Set("Connection", "close"))
		}
		sink := faultsink.New(faultsink.Sequence(faultsink.Accept, farewell))
		server1, server2 := faultsink.Start(t, sink), faultsink.Start(t, sink)
		dialer := &namedNetwork{resolver: names.resolver(), ports: map[netip.Addr]string{address1: hostPort(server1), address2: hostPort(server2)}, timeout: patience}
		client := newTroubled(t, "http://"+someName, dialer.client())
		var ids []string
		deliver := func() {
			ids = append(ids, record(t, client.Client, 5)...)
			flush(t, client.Client)
		}
		deliver()
		names.say(nameAnswer{address: address2})
		deliver()
		if at, before := dialer.last(); at != address1 || before != 0 || names.asked() != 1 {
			t.Errorf("while its connection lasted, it dialed %v after %d others, and looked the name up %d times", at, before, names.asked())
		}
		if end != nil {
			end(server1)
		}
		deliver()
		client.recovered(sink, ids)
		if at, _ := dialer.last(); at != address2 || names.asked() < 2 {
			t.Errorf("it dialed %v last, after %d lookups; want %v", at, names.asked(), address2)
		}
	})
}

// TestRow29OldAddressRefuses: a server that was gone before its name led elsewhere is looked for again at every attempt.
func TestRow29OldAddressRefuses(t *testing.T) {
	t.Parallel() // most of it is waiting
	names := newNameserver(t, nameAnswer{address: address1})
	sink := faultsink.New()
	server1, server2 := faultsink.Start(t, sink), faultsink.Start(t, sink)
	dialer := &namedNetwork{resolver: names.resolver(), ports: map[netip.Addr]string{address1: hostPort(server1), address2: hostPort(server2)}, timeout: patience}
	server1.Down()
	client := newTroubled(t, "http://"+someName, dialer.client(), sentrial.WithBatchBytes(1<<10))
	ids := record(t, client.Client, 50)
	if refused := new(net.OpError); !errors.As(client.failure(50), &refused) {
		t.Errorf("the error is %v", client.Stats().LastError)
	}
	names.say(nameAnswer{address: address2})
	client.recovered(sink, ids)
}
