package sentrial_test

import (
	"encoding/base64"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// What the forwarder wants to hear, as secret as the API's key.
const forwarderPassword = "pw-canary-90ce"

var forwarderCredentials = base64.StdEncoding.EncodeToString([]byte("user:" + forwarderPassword))

// forwarder is an HTTP proxy, for CONNECT and for plain requests, that can be made to fail.
type forwarder struct {
	t       *testing.T
	refusal atomic.Pointer[http.HandlerFunc] // what it does instead of its work; nil for its work

	mu       sync.Mutex
	addr     string
	listener net.Listener
	server   *http.Server // nil while it is gone
	heads    []string     // what it was told, without bodies and what is in tunnels
}

func newForwarder(t *testing.T) *forwarder {
	t.Helper()
	p := &forwarder{t: t, addr: "127.0.0.1:0"}
	p.up()
	t.Cleanup(p.down)
	return p
}

// up opens the port, the same one each time.
func (p *forwarder) up() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	l, err := new(net.ListenConfig).Listen(p.t.Context(), "tcp", p.addr)
	if err != nil {
		p.t.Fatal(err)
	}
	p.listener, p.addr = l, l.Addr().String()
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: patience, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go p.server.Serve(l)
}

func (p *forwarder) down() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server != nil {
		_ = p.listener.Close() // the server may not know of it yet
		_ = p.server.Close()
		p.server = nil
	}
}

// refuse makes it fail, nil makes it work.
func (p *forwarder) refuse(how http.HandlerFunc) {
	if how == nil {
		p.refusal.Store(nil)
		return
	}
	p.refusal.Store(&how)
}

// url has the credentials in it.
func (p *forwarder) url() *url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &url.URL{Scheme: "http", User: url.UserPassword("user", forwarderPassword), Host: p.addr}
}

// told is what came so far.
func (p *forwarder) told() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.heads...)
}

func (p *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head, _ := httputil.DumpRequest(r, false)
	p.mu.Lock()
	p.heads = append(p.heads, string(head))
	p.mu.Unlock()
	refusal := p.refusal.Load()
	switch {
	case refusal != nil:
		(*refusal)(w, r)
	case strings.TrimPrefix(r.Header.Get("Proxy-Authorization"), "Basic ") != forwarderCredentials:
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
	case r.Method == http.MethodConnect:
		tunnel(w, r)
	default:
		forward(w, r)
	}
}

// tunnel connects two sides until one of them closes.
func tunnel(w http.ResponseWriter, r *http.Request) {
	far, err := new(net.Dialer).DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer far.Close()
	near := takeOver(w)
	defer near.Close()
	_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		defer near.Close()
		_, _ = io.Copy(near, far)
	}()
	_, _ = io.Copy(far, near)
}

// takeOver gives the connection of a request.
func takeOver(w http.ResponseWriter) net.Conn {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	return c
}

// forward makes the request that it was asked to make.
func forward(w http.ResponseWriter, r *http.Request) {
	transport := &http.Transport{DisableKeepAlives: true}
	proxy := &httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, Transport: transport}
	proxy.ServeHTTP(w, r)
}
