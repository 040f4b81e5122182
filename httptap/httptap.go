package httptap

import (
	"net/http"

	sentrial "github.com/sentrial/sentrial-go"
)

// Middleware gives a function that records the calls of models that pass it. It has the shape that openai-go and anthropic-sdk-go take:
//
//	client := openai.NewClient(option.WithMiddleware(httptap.Middleware(sentrialClient)))
//
// A client that is nil or records nothing makes it pass everything on as it is. One function serves any number of goroutines.
func Middleware(client *sentrial.Client, opts ...Option) func(*http.Request, func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	t := newTap(client, opts)
	t.ownContext = true
	return t.roundTrip
}

// Transport gives a transport that records the calls of models that pass it on their way to base; nil is http.DefaultTransport, as it is when Transport is called.
//
//	config.HTTPClient = &http.Client{Transport: httptap.Transport(sentrialClient, nil)}
//
// A client that is nil or records nothing makes it pass everything on as it is. CloseIdleConnections works if base has it.
func Transport(client *sentrial.Client, base http.RoundTripper, opts ...Option) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &transport{newTap(client, opts), base}
}

type transport struct {
	tap  *tap
	base http.RoundTripper
}

// RoundTrip is part of http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.tap.roundTrip(req, t.base.RoundTrip)
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
