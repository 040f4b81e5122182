package sentrial_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/httpx"
)

// TestRow30HostedProxy: a proxy that refuses to connect, or is gone, costs no event. One that takes the request and is silent then, or says that it is a bad gateway,
// leaves it uncertain.
func TestRow30HostedProxy(t *testing.T) {
	t.Parallel() // most of it is waiting
	cases := map[string]func(t *testing.T){}
	for name, p := range proxyTroubles() {
		takes := slices.Contains([]string{"plain: 502", "plain: closes", "plain: hangs"}, name)
		cases[name] = func(t *testing.T) { checkHostedProxy(t, p, takes) }
	}
	together(t, cases, func(t *testing.T, run func(*testing.T)) { run(t) })
}

func checkHostedProxy(t *testing.T, p proxyTrouble, takes bool) {
	sink := faultsink.NewHosted(knowing)
	know(sink)
	server, hc := startSink(t, sink, p.secure)
	proxy := newForwarder(t)
	proxy.refuse(p.how)
	if p.gone {
		proxy.down()
	}
	hc.Transport.(*http.Transport).Proxy = http.ProxyURL(proxy.url())
	timeout := patience
	if p.hangs {
		timeout = time.Second
	}
	client := newHostedTrouble(t, sink, server.URL(), hc, sentrial.WithTimeout(timeout))
	client.record(client.Session(knownSession), 6, 0)
	client.trouble()
	if p.gone {
		proxy.up()
	}
	proxy.refuse(nil)
	uncertain := client.settled()
	if missing := len(sink.Report().Lost(client.ids)); missing != uncertain || (uncertain > 0) != takes {
		t.Errorf("%d events are uncertain, %d missing: %+v", uncertain, missing, client.drops.all())
	}
	client.checkSecrets(forwarderPassword)
	client.checkSecrets(forwarderCredentials)
}

// TestRow30HostedProxyThatHangs: until a request has been sent to the end, a time-out leaves nothing uncertain.
func TestRow30HostedProxyThatHangs(t *testing.T) {
	t.Parallel() // most of it is waiting
	sink := faultsink.NewHosted()
	server := faultsink.StartTLS(t, sink, nil)
	transport := httpx.NewTransport()
	transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	hung := make(chan struct{})
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		select {
		case <-hung:
			return new(net.Dialer).DialContext(ctx, network, address)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	client := newHostedTrouble(t, sink, server.URL(), &http.Client{Transport: transport}, sentrial.WithTimeout(time.Second))
	client.create(4)
	if err := client.failure(5); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
	close(hung)
	client.recovered()
}
