package faultsink

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
)

// leaks are the requests that came where none should.
type leaks struct {
	mu       sync.Mutex
	requests []Caught
}

// Caught is a request that followed a redirect.
type Caught struct {
	Method, URL string
	Header      http.Header
	Bytes       int64 // of the body
}

// Leak is a place where a watched text was seen.
type Leak struct {
	Canary  string
	Where   string // "body", "url", "header NAME", "redirect"
	Request int    // N of the request, 0 for one that followed a redirect
}

func (l Leak) String() string {
	return fmt.Sprintf("%q in %s of request %d", l.Canary, l.Where, l.Request)
}

// leakURLs are where Redirect sends clients.
type leakURLs struct{ host, port string }

// leakPath begins the path of every request that followed a redirect of the sink's.
const leakPath = "/leaked"

// inMemoryLeaks are of internal/memhttp, where every address leads to the same server.
var inMemoryLeaks = leakURLs{host: "http://leak.localhost", port: "http://memhttp.localhost:81"}

func isLeak(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, leakPath) }

// caught accepts, so that a client which follows redirects does all that it would.
func (s *Sink) caught(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	n, _ := io.Copy(&body, io.LimitReader(r.Body, maxBody))
	s.leaks.mu.Lock()
	s.leaks.requests = append(s.leaks.requests, Caught{r.Method, r.URL.String(), r.Header.Clone(), n})
	s.leaks.mu.Unlock()
	head, _ := httputil.DumpRequest(r, false)
	s.mu.Lock()
	s.scan(0, "redirect", string(head)+body.String())
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, acknowledgement{Rejected: []rejection{}})
}

// Redirect answers with this status and a Location on another host. In memory and over TCP alike that is a listener of the sink's which counts what comes.
func Redirect(status int) Step {
	return func(x *Exchange) { x.redirect(status, x.leaks().host+leakPath) }
}

// RedirectPort is Redirect to another port of the same host, without TLS.
func RedirectPort(status int) Step {
	return func(x *Exchange) { x.redirect(status, x.leaks().port+leakPath) }
}

// RedirectHere is Redirect to another path of the same origin.
func RedirectHere(status int) Step {
	return func(x *Exchange) { x.redirect(status, leakPath) }
}

func (x *Exchange) leaks() leakURLs {
	x.sink.mu.Lock()
	defer x.sink.mu.Unlock()
	return x.sink.leakURLs
}

func (x *Exchange) redirect(status int, to string) {
	x.Events()
	x.w.Header().Set("Location", to+x.http.URL.Path)
	x.w.WriteHeader(status)
}

// scanHead looks for watched texts in a request's URL and headers.
func (s *Sink) scanHead(n int, r *http.Request) {
	s.scan(n, "url", r.URL.String())
	for name, values := range r.Header {
		if name != "Authorization" {
			s.scan(n, "header "+name, strings.Join(values, "\n"))
		}
	}
}

func (s *Sink) scanBody(n int, decoded []byte) {
	for _, canary := range s.canaries {
		if bytes.Contains(decoded, []byte(canary)) {
			s.secrets = append(s.secrets, Leak{canary, "body", n})
		}
	}
}

func (s *Sink) scan(n int, where, text string) {
	for _, canary := range s.canaries {
		if strings.Contains(text, canary) {
			s.secrets = append(s.secrets, Leak{canary, where, n})
		}
	}
}
