package server

import (
	"context"
	"net/http"
)

// exchange is what is known of a request beside itself.
type exchange struct {
	id     string // X-Request-Id
	route  string // the pattern that it matched, "" = none
	caller caller
	held   int64 // bytes of its body, see Server.hold
	reply  *replyWriter
	gone   bool // the client went away before there was a reply
}

type exchangeKey struct{}

// exchangeOf returns the exchange of a request. One that did not come through ServeHTTP is nobody's.
func exchangeOf(r *http.Request) *exchange {
	if e, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
		return e
	}
	return &exchange{}
}

func withExchange(r *http.Request, e *exchange) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), exchangeKey{}, e))
}

// requestID returns the id of a request.
func requestID(r *http.Request) string { return exchangeOf(r).id }
