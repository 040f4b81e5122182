package faultsink_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

func TestDownAndUpAgain(t *testing.T) {
	for name, start := range map[string]func(*faultsink.Sink) *faultsink.Server{
		"tcp":   func(s *faultsink.Sink) *faultsink.Server { return faultsink.Start(t, s) },
		"http2": func(s *faultsink.Sink) *faultsink.Server { return faultsink.StartTLS(t, s, nil) },
	} {
		sink := faultsink.New()
		server := start(sink)
		l, url := linkTo(t, server), server.URL()
		for range 2 {
			l.ok(t, two)
			server.Down()
			server.Down()
			l.client.CloseIdleConnections() // it may not have noticed
			if got := l.post(t.Context(), two); !errors.Is(got.err, syscall.ECONNREFUSED) {
				t.Errorf("%s: while down: %v, want connection refused", name, got)
			}
			if err := errors.Join(server.Up(), server.Up()); err != nil || server.URL() != url {
				t.Errorf("%s: up again at %s, was %s: %v", name, server.URL(), url, err)
			}
		}
		if got := l.ok(t, two); (got.Proto == "HTTP/2.0") != (name == "http2") || sink.Report().Requests[0].Proto != got.Proto {
			t.Errorf("%s: spoke %s", name, got.Proto)
		}
	}
}

// Going down ends handlers that would wait for ever, even those that cannot see their client go.
func TestDownEndsHangs(t *testing.T) {
	for _, step := range []faultsink.Step{faultsink.Hang, faultsink.HangUnread} {
		began := make(chan struct{})
		server := faultsink.Start(t, faultsink.New(faultsink.Always(faultsink.Then(func(*faultsink.Exchange) { close(began) }, step))))
		l := linkTo(t, server)
		var got answer
		var wg sync.WaitGroup
		wg.Go(func() { got = l.post(t.Context(), two) })
		<-began
		server.Down()
		if wg.Wait(); got.err == nil {
			t.Errorf("got %v, want a broken connection", got)
		}
	}
}

// A body that is cut in two, by the port's closing or with its connection, makes no less sense for it.
func TestDownCutsBodies(t *testing.T) {
	for _, bySender := range []bool{false, true} {
		sink := faultsink.New()
		server := faultsink.Start(t, sink)
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		// The sink asks for the rest when it has begun to read.
		ask := "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n"
		if _, err := io.WriteString(conn, ask); err != nil {
			t.Fatal(err)
		}
		reply := make([]byte, len("HTTP/1.1 100"))
		if _, err := io.ReadFull(conn, reply); err != nil || string(reply) != "HTTP/1.1 100" {
			t.Fatalf("got %q, %v", reply, err)
		}
		if bySender {
			_ = conn.Close()
			for len(sink.Report().Requests) == 0 && t.Context().Err() == nil {
				runtime.Gosched()
			}
		}
		server.Down()
		if len(sink.Report().Malformed) > 0 {
			t.Errorf("cut by its sender: %v, malformed: %v", bySender, sink.Report().Malformed)
		}
		_ = conn.Close()
	}
}

func TestCutConnections(t *testing.T) {
	began, sink := make(chan struct{}), (*faultsink.Sink)(nil)
	sink = faultsink.New(faultsink.Sequence(faultsink.Then(faultsink.ReadBody, func(*faultsink.Exchange) { close(began) }, faultsink.Hang)))
	server := faultsink.Start(t, sink)
	l := linkTo(t, server)
	var wg sync.WaitGroup
	wg.Go(func() {
		if got := l.post(t.Context(), two); !errors.Is(got.err, syscall.ECONNRESET) {
			t.Errorf("got %v, want a reset", got)
		}
	})
	<-began
	server.CutConnections()
	wg.Wait()
	l.ok(t, two)
}

// Connection: close is GOAWAY in HTTP/2: the next request makes a new connection.
func TestGoAway(t *testing.T) {
	sink := faultsink.New(faultsink.Sequence(faultsink.Accept, faultsink.With(faultsink.Accept, faultsink.Set("Connection", "close"))))
	l := overHTTP2(t, sink)
	for range 3 {
		l.ok(t, two)
	}
	r := sink.Report().Requests
	if r[0].RemoteAddr != r[1].RemoteAddr || r[1].RemoteAddr == r[2].RemoteAddr {
		t.Errorf("requests came from %s, %s and %s, want a new connection for the third alone", r[0].RemoteAddr, r[1].RemoteAddr, r[2].RemoteAddr)
	}
}

func TestCertificates(t *testing.T) {
	for _, c := range []struct {
		name  string
		names []string
		until time.Time
		want  func(error) bool
	}{
		{"good", []string{"127.0.0.1"}, time.Now().Add(time.Hour), func(err error) bool { return err == nil }},
		{"wrong name", []string{"sentrial.invalid"}, time.Now().Add(time.Hour), is[x509.HostnameError]},
		{"expired", []string{"127.0.0.1"}, time.Unix(1e9, 0), is[x509.CertificateInvalidError]},
	} {
		certificate, roots, err := faultsink.SelfSigned(c.names, c.until)
		if err != nil {
			t.Fatal(err)
		}
		server := faultsink.StartTLS(t, faultsink.New(), &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
		l := linkTo(t, server)
		l.client.Transport.(*http.Transport).TLSClientConfig.RootCAs = roots
		if got := l.post(t.Context(), two); !c.want(got.err) {
			t.Errorf("%s: %v", c.name, got)
		}
		l.client.CloseIdleConnections()
		l.client.Transport.(*http.Transport).TLSClientConfig.RootCAs = x509.NewCertPool()
		if got := l.post(t.Context(), two); !is[x509.UnknownAuthorityError](got.err) && !is[x509.HostnameError](got.err) && !is[x509.CertificateInvalidError](got.err) {
			t.Errorf("%s, without its roots: %v", c.name, got)
		}
	}
}

func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// What Start does when there is no port is to fail the test; a port that was taken while the server was down is such a case for Up.
func TestUpTellsOfATakenPort(t *testing.T) {
	server := faultsink.Start(t, faultsink.New())
	server.Down()
	taker, err := net.Listen("tcp", server.URL()[len("http://"):])
	if err != nil {
		t.Fatal(err)
	}
	defer taker.Close()
	if err := server.Up(); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("got %v, want address in use", err)
	}
}

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := inMemory(t, faultsink.New())
		gate := faultsink.NewGate(l.client.Transport)
		l.client = &http.Client{Transport: gate}
		l.ok(t, two)
		gate.Shut(syscall.ECONNREFUSED)
		shut := time.Now()
		for range 2 {
			if got := l.post(t.Context(), two); !errors.Is(got.err, syscall.ECONNREFUSED) {
				t.Errorf("got %v, want what Shut was told", got)
			}
			time.Sleep(time.Second)
		}
		gate.Open()
		l.ok(t, two)
		if got := gate.Attempts(); len(got) != 2 || !got[0].Equal(shut) || got[1].Sub(got[0]) != time.Second {
			t.Errorf("attempts %v, want two, the second after a second", got)
		}
	})
}

// A handler of a server of the test's own is served just as well.
func TestAnyServerServesASink(t *testing.T) {
	sink := faultsink.New(faultsink.Sequence(faultsink.LoseReply))
	server := httptest.NewServer(sink)
	defer server.Close()
	l := link{server.URL, server.Client()}
	if got := l.post(t.Context(), two); got.err == nil {
		t.Errorf("got %v, want none", got)
	}
	l.ok(t, two)
	if err := sink.Report().Check([]string{"a", "b"}); err != nil {
		t.Error(err)
	}
}
