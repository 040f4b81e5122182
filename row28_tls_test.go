package sentrial_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/httpx"
)

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	made := a.sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	a.certificate, a.key = made.Leaf, made.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

// sign makes a certificate, which vouches for itself while the authority has none.
func (a *authority) sign(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := a.certificate, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// issue makes a server's certificate for a name or an address.
func (a *authority) issue(t *testing.T, name string, notAfter time.Time) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Unix(0, 0), NotAfter: notAfter, KeyUsage: x509.KeyUsageDigitalSignature}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	return a.sign(t, template)
}

func (a *authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// distrust is a server that a client must not speak to, and the error that says why.
type distrust struct {
	serve func(net.Conn) net.Conn
	is    func(error) bool
}

// distrusts are servers with the faults of this row; the authority is the one that the client trusts.
func distrusts(t *testing.T, trusted *authority) map[string]distrust {
	stranger := newAuthority(t)
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	selfSigned, _, err := faultsink.SelfSigned([]string{"127.0.0.1"}, soon)
	if err != nil {
		t.Fatal(err)
	}
	old := &tls.Config{Certificates: []tls.Certificate{trusted.issue(t, "127.0.0.1", soon)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11} // the fault of this row
	return map[string]distrust{
		"unknown authority":     {secured(stranger.issue(t, "127.0.0.1", soon)), isA[x509.UnknownAuthorityError]},
		"self-signed":           {secured(selfSigned), isA[x509.UnknownAuthorityError]},
		"expired":               {secured(trusted.issue(t, "127.0.0.1", past)), isExpired},
		"another address":       {secured(trusted.issue(t, "127.0.0.2", soon)), isA[x509.HostnameError]},
		"another name":          {secured(trusted.issue(t, "localhost", soon)), isA[x509.HostnameError]},
		"TLS 1.1, by an alert":  {func(c net.Conn) net.Conn { return tls.Server(c, old) }, isVersionAlert},
		"TLS 1.1, by its hello": {oldServer, tells("unsupported protocol version")},
		"no TLS":                {plainServer, func(err error) bool { return errors.Is(err, http.ErrSchemeMismatch) }},
		"closes at once":        {closes, func(err error) bool { return isA[net.Error](err) || errors.Is(err, io.EOF) }},
	}
}

// TestRow28TLS: a server that cannot prove who it is gets nothing, the error says why, and all is delivered once its certificate is right.
func TestRow28TLS(t *testing.T) {
	t.Parallel() // most of it is waiting
	trusted := newAuthority(t)
	good := secured(trusted.issue(t, "127.0.0.1", time.Now().Add(time.Hour)))
	together(t, distrusts(t, trusted), func(t *testing.T, d distrust) {
		sink := faultsink.New()
		port := newTap(t)
		port.set(d.serve)
		serveSink(t, port, sink)
		transport := httpx.NewTransport()
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted.roots(), MinVersion: tls.VersionTLS12}
		client := newTroubled(t, "https://"+port.Addr().String(), &http.Client{Transport: transport})
		ids := record(t, client.Client, 5)
		if err := client.failure(5); !d.is(err) {
			t.Errorf("the error is %v (%T)", err, err.Stats.LastError)
		}
		if n := len(sink.Requests()); n != 0 {
			t.Errorf("%d requests came through", n)
		}
		port.set(good)
		client.recovered(sink, ids)
		port.check(t, secretKey, secretProject, ids[0])
	})
}

// secured is a server with a certificate.
func secured(certificate tls.Certificate) func(net.Conn) net.Conn {
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
	return func(c net.Conn) net.Conn { return tls.Server(c, config) }
}

// isA tells whether an E is in the chain of err.
func isA[E error](err error) bool { return errors.As(err, new(E)) }

func isExpired(err error) bool {
	invalid := x509.CertificateInvalidError{}
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired && isA[*tls.CertificateVerificationError](err)
}

func isVersionAlert(err error) bool {
	alert := new(net.OpError)
	return errors.As(err, &alert) && alert.Op == "remote error" && strings.Contains(err.Error(), "protocol version")
}

func tells(words string) func(error) bool {
	return func(err error) bool { return strings.Contains(err.Error(), words) }
}

// oldServer answers the client's hello with one of TLS 1.1, as servers do that know nothing newer.
func oldServer(c net.Conn) net.Conn {
	hello := append([]byte{3, 2}, make([]byte, 32)...) // version, random
	hello = append(hello, 0, 0xc0, 0x13, 0)            // no session, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression
	return answered(c, append([]byte{22, 3, 2, 0, byte(len(hello) + 4), 2, 0, 0, byte(len(hello))}, hello...))
}

// plainServer speaks HTTP where TLS is expected.
func plainServer(c net.Conn) net.Conn {
	return answered(c, []byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
}

func closes(c net.Conn) net.Conn {
	_ = c.Close()
	return nil
}

// answered reads the client's hello, answers it, and reads on until the client goes away.
func answered(c net.Conn, answer []byte) net.Conn {
	go func() {
		defer c.Close()
		_, _ = c.Read(make([]byte, 16<<10))
		_, _ = c.Write(answer)
		_, _ = io.Copy(io.Discard, c)
	}()
	return nil
}

// serveSink serves a sink on a listener of the test's own, until the test ends.
func serveSink(t *testing.T, l net.Listener, sink http.Handler) {
	t.Helper()
	server := &http.Server{Handler: sink, ReadHeaderTimeout: patience, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
}
