// Package httpx is what the SDK's transport and the REST clients share of HTTP: a
// transport of one's own, requests whose replies are bounded, the reading of rate-limit
// headers and error bodies, and the delays between attempts.
//
// Errors made here never carry a URL's user, password, query or fragment, nor a header.
package httpx
