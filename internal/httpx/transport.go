package httpx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// NewTransport returns an http.Transport of the caller's own, so that closing its
// connections touches nobody else's. It takes its proxy from the environment, speaks
// HTTP/2 where the server does, and gives up on connections that have died: the kernel
// probes idle TCP connections, and an HTTP/2 connection that has been silent is pinged. A
// body that lies in memory is sent in one piece.
//
// It sets no limit on the wait for a reply: that is the request's context's business. A
// proxy that refuses to connect is a *net.OpError whose Op is "proxyconnect", like one that
// cannot be reached.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{
		Timeout: 10 * time.Second,
		KeepAliveConfig: net.KeepAliveConfig{
			Enable:   true,
			Idle:     5 * time.Second,
			Interval: 3 * time.Second,
			Count:    3,
		},
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: refusedByProxy,
		DialContext:            whole(dialer.DialContext),
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second},
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    8,
	}
}

// refusedByProxy makes an error of a reply to CONNECT that is no success. net/http would
// make one of the proxy's own words, and no type.
func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, reply *http.Response) error {
	if reply.StatusCode == http.StatusOK {
		return nil
	}
	status := strings.TrimSpace(fmt.Sprintf("%d %s", reply.StatusCode, http.StatusText(reply.StatusCode)))
	return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New(status)}
}

// NoRedirect returns a copy of c that hands a 3xx back as the reply instead of following
// it, so that neither header nor body reaches another origin. A Location that is no URL is
// left out of the reply. Transport, Jar and Timeout are used as they are; c itself is not
// changed. A nil c stands for a client of its own with the default settings.
func NoRedirect(c *http.Client) *http.Client {
	var own http.Client
	if c != nil {
		own = *c
	}
	own.Transport = &redirectKeeper{own.Transport}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// redirectKeeper removes a Location that is no URL: net/http's client would turn the reply
// into an error with all of that text in it, before it asks CheckRedirect.
type redirectKeeper struct{ next http.RoundTripper }

func (k *redirectKeeper) RoundTrip(req *http.Request) (*http.Response, error) {
	next := k.next
	if next == nil {
		next = http.DefaultTransport
	}
	reply, err := next.RoundTrip(req)
	if reply != nil && reply.Header.Get("Location") != "" {
		if _, badURL := req.URL.Parse(reply.Header.Get("Location")); badURL != nil {
			reply.Header.Del("Location")
		}
	}
	return reply, err
}
