package httpx

import (
	"net"
	"net/http"
	"time"
)

// NewTransport returns an http.Transport of the caller's own, so that closing its
// connections touches nobody else's. It takes its proxy from the environment, speaks
// HTTP/2 where the server does, and gives up on connections that have died: the kernel
// probes idle TCP connections, and an HTTP/2 connection that has been silent is pinged.
//
// It sets no limit on the wait for a reply: that is the request's context's business.
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
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second},
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          16,
		MaxIdleConnsPerHost:   8,
	}
}

// NoRedirect returns a copy of c that hands a 3xx back as the reply instead of following
// it, so that neither header nor body reaches another origin. Transport, Jar and Timeout
// are kept; c itself is not changed. A nil c stands for a client of its own with the
// default settings.
func NoRedirect(c *http.Client) *http.Client {
	var own http.Client
	if c != nil {
		own = *c
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}
