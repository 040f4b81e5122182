package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// proxyTrouble is what a proxy does instead of its work, and what the error must be.
type proxyTrouble struct {
	secure bool // the server behind it: then it is asked to CONNECT
	how    http.HandlerFunc
	hangs  bool
	gone   bool
	is     func(error) bool
}

func proxyTroubles() map[string]proxyTrouble {
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Proxy-Authenticate", "Basic realm=x")
			w.Header().Set("Location", "http://127.0.0.1:1/")
			http.Error(w, body, status)
		}
	}
	writes := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			c := takeOver(w)
			defer c.Close()
			_, _ = io.WriteString(c, text)
		}
	}
	hangs := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // until then net/http does not see the client leave
		<-r.Context().Done()
	}
	timedOut := func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }
	isNet := func(err error) bool { return isA[net.Error](err) }
	return map[string]proxyTrouble{
		"CONNECT: 407":             {secure: true, how: says(407, "who are you?"), is: refusedByProxy("407")},
		"CONNECT: 403":             {secure: true, how: says(403, "<html>"), is: refusedByProxy("403")},
		"CONNECT: 502":             {secure: true, how: says(502, "<html>"), is: refusedByProxy("502")},
		"CONNECT: 302":             {secure: true, how: says(302, ""), is: refusedByProxy("302")},
		"CONNECT: 204":             {secure: true, how: says(204, ""), is: refusedByProxy("204")},
		"CONNECT: says what it is": {secure: true, how: writes("HTTP/1.1 407 " + forwarderPassword + "\r\n\r\n"), is: refusedByProxy("407")},
		"CONNECT: closes":          {secure: true, how: writes(""), is: isNet},
		"CONNECT: nonsense":        {secure: true, how: writes("220 smtp ready\r\n"), is: isNet},
		"CONNECT: closes then":     {secure: true, how: writes("HTTP/1.1 200 OK\r\n\r\n"), is: isNet},
		"CONNECT: hangs":           {secure: true, how: hangs, hangs: true, is: timedOut},
		"CONNECT: gone":            {secure: true, gone: true, is: proxyUnreachable},
		"plain: 502":               {how: says(502, "<html>"), is: hasStatus(502)},
		"plain: 302":               {how: says(302, ""), is: hasStatus(302)},
		"plain: portal":            {how: says(200, "<html>"), is: func(err error) bool { return strings.Contains(err.Error(), "captive portal") }},
		"plain: closes":            {how: writes(""), is: isNet},
		"plain: hangs":             {how: hangs, hangs: true, is: timedOut},
		"plain: gone":              {gone: true, is: proxyUnreachable},
	}
}

// refusedByProxy: the proxy answered CONNECT with this status.
func refusedByProxy(status string) func(error) bool {
	return func(err error) bool {
		refused := new(net.OpError)
		return errors.As(err, &refused) && refused.Op == "proxyconnect" && strings.Contains(err.Error(), status)
	}
}

func proxyUnreachable(err error) bool {
	unreachable := new(net.OpError)
	return errors.As(err, &unreachable) && unreachable.Op == "proxyconnect"
}

func hasStatus(status int) func(error) bool {
	return func(err error) bool {
		api := new(sentrial.APIError)
		return errors.As(err, &api) && api.Status == status
	}
}

// TestRow30Proxy: while a proxy is in trouble the events wait, the error says which, nobody learns a password, and all is delivered once the proxy works.
func TestRow30Proxy(t *testing.T) {
	t.Parallel() // most of it is waiting
	together(t, proxyTroubles(), func(t *testing.T, p proxyTrouble) {
		sink := faultsink.New()
		sink.Watch(forwarderPassword, forwarderCredentials)
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
		client := newTroubled(t, server.URL(), hc, sentrial.WithTimeout(timeout))
		ids := record(t, client.Client, 3)
		incomplete := client.failure(3)
		if !p.is(incomplete) {
			t.Errorf("the error is %v", incomplete)
		}
		client.checkSecrets(forwarderPassword, incomplete)
		client.checkSecrets(forwarderCredentials, incomplete)
		if n := len(sink.Requests()); n > 0 {
			t.Errorf("%d requests came through", n)
		}
		if p.gone {
			proxy.up()
		}
		proxy.refuse(nil)
		client.recovered(sink, ids)
		client.checkSecrets(forwarderPassword)
		if told := strings.Join(proxy.told(), ""); p.secure && (strings.Contains(told, secretKey) || strings.Contains(told, secretProject)) {
			t.Errorf("the proxy was told %s", told)
		}
	})
}

// throughProxy is an HTTP client whose proxy is a handler in the bubble, and so is every server.
func throughProxy(t *testing.T, proxy http.HandlerFunc) *http.Client {
	transport := memhttp.New(t, proxy).Client().Transport.(*http.Transport)
	transport.Proxy = http.ProxyURL((&forwarder{addr: "proxy.test:3128"}).url())
	return &http.Client{Transport: transport}
}

// TestRow30ProxyThatHangs costs no more than the time-out.
func TestRow30ProxyThatHangs(t *testing.T) {
	for _, server := range []string{"https://api.example.com", "http://api.example.com"} {
		t.Run(server[:5], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const timeout = 7 * time.Second
				hc := throughProxy(t, func(_ http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					<-r.Context().Done()
				})
				client := newTroubled(t, server, hc, sentrial.WithTimeout(timeout))
				record(t, client.Client, 3)
				began := time.Now()
				if err := client.failure(3); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("the error is %v", err)
				}
				checkBetween(t, "the request", time.Since(began), timeout, timeout)
				client.Close(expired(t))
			})
		})
	}
}

// TestRow30ProxyWantsCredentials: asked in the clear, a proxy's 407 is the server's for all one knows. It is a matter for a person, so it is asked once a minute.
func TestRow30ProxyWantsCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.Times(3, faultsink.Answer(http.StatusProxyAuthRequired, "text/html", "<html>")))
		client := newTroubled(t, "http://api.example.com", throughProxy(t, sink.ServeHTTP))
		ids := record(t, client.Client, 3)
		if err := client.failure(3); !hasStatus(http.StatusProxyAuthRequired)(err) {
			t.Errorf("the error is %v", err)
		}
		time.Sleep(time.Hour)
		client.recovered(sink, ids)
		requests := sink.Requests()
		if len(requests) != 4 {
			t.Errorf("%d requests, want 4", len(requests))
		}
		for i := 1; i < len(requests); i++ {
			checkBetween(t, "wait", requests[i].At.Sub(requests[i-1].At), time.Minute, 90*time.Second)
		}
		client.Close(t.Context())
	})
}

// throughEnvironment names the variable that tells a child process of the next test which server to use.
const throughEnvironment = "PROXIED_URL"

// TestRow30ProxyOfTheEnvironment: the client's own transport takes HTTP_PROXY, HTTPS_PROXY and NO_PROXY from the environment. net/http reads them once, so each
// case is a process. 0.0.0.0 leads to this machine without counting as loopback, for which no proxy is asked.
func TestRow30ProxyOfTheEnvironment(t *testing.T) {
	t.Parallel() // most of it is waiting
	if url := os.Getenv(throughEnvironment); url != "" {
		recordProxied(t, url)
		return
	}
	working := newForwarder(t)
	refusing := newForwarder(t)
	refusing.refuse(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "", http.StatusProxyAuthRequired) })
	type environment struct {
		variables []string
		scheme    string
		proxy     *forwarder // that must have been asked; nil for none
		delivered bool
		says      string
	}
	together(t, map[string]environment{
		"HTTP_PROXY":   {[]string{"HTTP_PROXY=" + working.url().String()}, "http", working, true, ""},
		"HTTPS_PROXY":  {[]string{"HTTPS_PROXY=" + refusing.url().String()}, "https", refusing, false, "proxyconnect tcp: 407 Proxy Authentication Required"},
		"NO_PROXY":     {[]string{"HTTP_PROXY=" + refusing.url().String(), "NO_PROXY=0.0.0.0"}, "http", nil, true, ""},
		"no such URL":  {[]string{"HTTP_PROXY=http://user:" + forwarderPassword + "%zz@127.0.0.1:1"}, "http", nil, true, ""}, // net/http does as if it were not set
		"no such kind": {[]string{"HTTP_PROXY=ftp://user:" + forwarderPassword + "@127.0.0.1:1"}, "http", nil, false, "proxy"},
	}, func(t *testing.T, e environment) {
		sink := faultsink.New()
		_, port, err := net.SplitHostPort(hostPort(faultsink.Start(t, sink)))
		if err != nil {
			t.Fatal(err)
		}
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRow30ProxyOfTheEnvironment$")
		child.Env = slices.Concat(withoutProxies(os.Environ()), e.variables, []string{throughEnvironment + "=" + e.scheme + "://0.0.0.0:" + port})
		out, err := child.CombinedOutput()
		text := string(out)
		if err != nil || !strings.Contains(text, e.says) {
			t.Errorf("%v, want %q in\n%s", err, e.says, text)
		}
		for _, secret := range []string{secretKey, forwarderPassword, forwarderCredentials} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is in\n%s", secret, text)
			}
		}
		if n := sink.Report().Unique(); n != 0 != e.delivered {
			t.Errorf("%d events came", n)
		}
		if e.proxy != nil && !strings.Contains(strings.Join(e.proxy.told(), ""), "0.0.0.0:"+port) {
			t.Error("the proxy was not asked")
		}
		if all := strings.Join(append(working.told(), refusing.told()...), ""); e.proxy == nil && strings.Contains(all, "0.0.0.0:"+port) {
			t.Error("a proxy was asked")
		}
	})
}

// recordProxied is the child process.
func recordProxied(t *testing.T, url string) {
	client := newTroubled(t, url, nil)
	record(t, client.Client, 3)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		select {
		case <-client.log.rang: // the first failure
		case <-ctx.Done():
		}
	}()
	fmt.Printf("%+v\n", client.Flush(ctx))
	cancel()
	fmt.Printf("%q\n%+v\n", client.log.lines(), client.Stats())
}

// withoutProxies is an environment without settings for proxies.
func withoutProxies(environment []string) []string {
	return slices.DeleteFunc(environment, func(setting string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(setting), "=")
		return strings.HasSuffix(name, "_PROXY") || name == "REQUEST_METHOD"
	})
}
