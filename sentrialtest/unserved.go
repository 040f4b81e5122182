package sentrialtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// maxStrange is how many different requests are remembered that there is no route for.
const maxStrange = 8

// unserved answers what there is no route for, and remembers it: an agent that comes to the wrong place says so nowhere else.
func (b *inbox) unserved(w http.ResponseWriter, r *http.Request) {
	request := r.Method + " " + inline(r.URL.Path)
	b.mu.Lock()
	if len(b.strange) < maxStrange && !slices.Contains(b.strange, request) {
		b.strange = append(b.strange, request)
	}
	b.mu.Unlock()
	fail(w, http.StatusNotFound, "not_found", "package sentrialtest does not serve "+request)
}

// strangers tells of requests that there is no route for.
func (b *inbox) strangers() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.strange) == 0 {
		return ""
	}
	text := "\nrequests came to " + strings.Join(b.strange, ", ") + ", which this server does not serve"
	if slices.ContainsFunc(b.strange, func(s string) bool { return strings.Contains(s, " /api/sdk/") }) {
		text += ": it takes the batch protocol only, so leave SENTRIAL_PROTOCOL and WithProtocol out"
	}
	return text
}

// nothing tells why there may be nothing.
func (b *inbox) nothing() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.url == "":
		return "\nnothing was recorded"
	case b.requests == 0:
		return fmt.Sprintf("\nnothing was recorded: no request came to %s; the agent sends elsewhere, or ended before it flushed or closed its client", b.url)
	}
	return fmt.Sprintf("\nnothing was recorded: %s came to %s, and none brought an event", count(b.requests, "request", "requests"), b.url)
}
