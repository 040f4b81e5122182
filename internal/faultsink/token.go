package faultsink

import (
	"net/http"
	"sync/atomic"
)

// Token is the bearer token that a sink accepts at present. It is safe for concurrent use.
type Token struct{ current atomic.Pointer[string] }

// NewToken makes a token.
func NewToken(text string) *Token {
	t := new(Token)
	t.Set(text)
	return t
}

// Set makes the token so far expire and this one the current.
func (t *Token) Set(text string) { t.current.Store(&text) }

// Get returns the current token.
func (t *Token) Get() string { return *t.current.Load() }

// Authorize answers 401 to requests without the current token.
func Authorize(t *Token) Rule {
	return When(func(x *Exchange) bool { return x.http.Header.Get("Authorization") != "Bearer "+t.Get() }, Status(http.StatusUnauthorized))
}
