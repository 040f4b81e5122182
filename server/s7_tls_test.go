package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

// writePair writes a certificate of its own for localhost and its key into dir.
func writePair(t *testing.T, dir, name string, at time.Time) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

// greet makes a TLS connection and returns whose certificate was shown.
func (s *site) greet(cfg *tls.Config) (string, error) {
	dialer := &tls.Dialer{Config: cfg}
	conn, err := dialer.DialContext(s.t.Context(), "tcp", s.addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName, nil
}

func TestS7TLS(t *testing.T) {
	dir := t.TempDir()
	cfg, err := server.TLSFiles(writePair(t, dir, "first", time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	g := newGated(t, func(c *server.Config) { c.TLS = cfg })
	s := g.serve(nil)
	s.url = "https://" + s.addr
	blind := &tls.Config{InsecureSkipVerify: true} // what is looked at is which certificate is shown
	s.http.Transport = &http.Transport{TLSClientConfig: blind.Clone(), ForceAttemptHTTP2: true}
	same(t, "over HTTP/2", s.ask("GET", "/healthz", "").status, http.StatusOK)
	s.want("a foreign host", s.ask("GET", "/healthz", "", "Host", "evil.example"), http.StatusForbidden, "forbidden_host")
	name, err := s.greet(blind)
	same(t, "certificate", name, "first")
	if err != nil {
		t.Fatal(err)
	}
	old := blind.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	if _, err := s.greet(old); err == nil {
		t.Error("TLS 1.1 was taken")
	}
	if log := g.log.String(); strings.Contains(log, "without TLS") {
		t.Errorf("the log: %s", log)
	}
}

// TestS7CertificatesAreReadAgain: a renewed certificate is shown within a second, a broken one never.
func TestS7CertificatesAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	began := time.Now().Add(-time.Hour)
	synctest.Test(t, func(t *testing.T) {
		cfg, err := server.TLSFiles(writePair(t, dir, "first", began))
		if err != nil {
			t.Fatal(err)
		}
		shown := func(want string) {
			t.Helper()
			cert, err := cfg.GetCertificate(nil)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "certificate", cert.Leaf.Subject.CommonName, want)
		}
		shown("first")
		writePair(t, dir, "second", began.Add(time.Minute))
		shown("first")
		time.Sleep(time.Second)
		shown("second")
		if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		shown("second")
		writePair(t, dir, "third", began.Add(2*time.Minute))
		time.Sleep(time.Second)
		shown("third")
	})
}

func TestS7TLSFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	cert, key := writePair(t, dir, "x", time.Now())
	for _, pair := range [][2]string{{cert, filepath.Join(dir, "none")}, {key, cert}, {cert, cert}} {
		if _, err := server.TLSFiles(pair[0], pair[1]); err == nil || !strings.Contains(err.Error(), pair[1]) {
			t.Errorf("%v: %v", pair, err)
		}
	}
}
