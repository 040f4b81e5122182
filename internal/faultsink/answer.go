package faultsink

import (
	"io"
	"net/http"
)

// Answer replies with any body, and commits nothing.
func Answer(status int, contentType, body string) Step {
	return func(x *Exchange) {
		x.Events()
		x.w.Header().Set("Content-Type", contentType)
		x.w.WriteHeader(status)
		_, _ = io.WriteString(x.w, body)
	}
}

// Garbage answers 200 with something that claims to be JSON.
func Garbage(x *Exchange) { Answer(http.StatusOK, "application/json", `{"accepted": 1, "dupl]]`)(x) }

// Portal answers as the login page of a hotel's network does: 200 and HTML.
func Portal(x *Exchange) {
	Answer(http.StatusOK, "text/html; charset=utf-8", "<!doctype html><title>Welcome</title><p>Please accept the terms of use.</p>")(x)
}
