package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/format"
)

// target is the URL that is examined.
func (x *examination) target() *url.URL {
	u, err := url.Parse(strings.TrimSpace(x.app.setting(x.cmd, "url", variables["url"]...)))
	if err != nil {
		return &url.URL{} // it was parsed before
	}
	return u
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// proxy is what requests to the server go through, or "".
func proxy(u *url.URL) string {
	p, err := http.ProxyFromEnvironment(&http.Request{URL: u})
	if err != nil || p == nil {
		return ""
	}
	return p.Redacted()
}

func (x *examination) resolves(ctx context.Context) finding {
	u := x.target()
	if p := proxy(u); p != "" {
		return finding{Verdict: skipped, Detail: "requests go through the proxy " + p + ", which looks the name up"}
	}
	if net.ParseIP(u.Hostname()) != nil {
		return finding{Verdict: skipped, Detail: u.Hostname() + " is an address"}
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, u.Hostname())
	if err != nil {
		return finding{
			Verdict: failed, exit: exitUnreachable, Detail: fmt.Sprintf("%s cannot be found: %v", u.Hostname(), unwrapped(err)),
			Hint: "Check the name in --url or SENTRIAL_API_URL, and this machine's name server.",
		}
	}
	return finding{Verdict: well, Detail: u.Hostname() + " is " + strings.Join(addresses, ", ")}
}

// unwrapped is an error of package net without the address, which is told already.
func unwrapped(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return errors.New(dns.Err)
	}
	return err
}

func (x *examination) connects(ctx context.Context) finding {
	u := x.target()
	if p := proxy(u); p != "" {
		return finding{Verdict: skipped, Detail: "requests go through the proxy " + p}
	}
	address := net.JoinHostPort(u.Hostname(), port(u))
	begun := time.Now()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return finding{
			Verdict: failed, exit: exitUnreachable, Detail: fmt.Sprintf("nothing answers at %s: %v", address, unwrapped(err)),
			Hint: "Start a server with `sentrial serve`, name another with --url or SENTRIAL_API_URL, or look for a firewall between.",
		}
	}
	defer func() { _ = conn.Close() }()
	took := format.Duration(time.Since(begun))
	if u.Scheme != "https" {
		return finding{Verdict: well, Detail: fmt.Sprintf("%s answers within %s, without encryption", address, took)}
	}
	return handshake(ctx, conn, u.Hostname())
}

// handshake looks at the server's certificate.
func handshake(ctx context.Context, conn net.Conn, name string) finding {
	secured := tls.Client(conn, &tls.Config{ServerName: name, MinVersion: tls.VersionTLS12})
	if err := secured.HandshakeContext(ctx); err != nil {
		return finding{Verdict: failed, exit: exitUnreachable, Detail: "no secure connection: " + err.Error(), Hint: adviceOnTLS(err)}
	}
	state := secured.ConnectionState()
	until := state.PeerCertificates[0].NotAfter
	f := finding{Verdict: well, Detail: fmt.Sprintf("%s, certificate of %s until %s", tls.VersionName(state.Version), name, until.Format(time.DateOnly))}
	if left := time.Until(until); left < 14*24*time.Hour {
		f.Verdict, f.Hint = doubt, "The certificate has to be renewed within "+format.Duration(left)+"."
	}
	return f
}

func adviceOnTLS(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
		plain   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &plain):
		return "The server speaks no TLS there: try http:// instead of https://."
	case errors.As(err, &unknown):
		return "Nobody this machine trusts has signed the certificate: install the authority's certificate, or name it in SSL_CERT_FILE."
	case errors.As(err, &name):
		return "The certificate is another server's: use the name that it is made for."
	case errors.As(err, &invalid):
		return "The certificate is not valid now: look at this machine's clock, then at the server."
	}
	return "Look at the server's certificate, and at what is between."
}
