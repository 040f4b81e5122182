package server

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Codes of what a request is turned away for.
const (
	codeKey    = "invalid_api_key"
	codeScope  = "insufficient_scope"
	codeHost   = "forbidden_host"
	codeOrigin = "forbidden_origin"
	codeRate   = "rate_limited"
)

// unauthorized says the same of every key that is not valid: which one exists is nobody's business.
func unauthorized() *apiError {
	return &apiError{status: http.StatusUnauthorized, code: codeKey, message: "a valid API key is needed: send it as Authorization: Bearer KEY"}
}

func forbidden(code, message string) *apiError {
	return &apiError{status: http.StatusForbidden, code: code, message: message}
}

func rateLimited(limit, seconds int) *apiError {
	return &apiError{
		status: http.StatusTooManyRequests, code: codeRate, retryAfter: strconv.Itoa(seconds),
		message: "more than " + strconv.Itoa(limit) + " requests in this minute, come again in " + strconv.Itoa(seconds) + " s",
	}
}

var keyForm = regexp.MustCompile(keyMark + `([0-9A-Za-z]{8})_[0-9A-Za-z]{32}`)

// unkeyed is text without keys: neither the one that the request shows, of whatever form, nor any of ours that somebody put in a wrong
// place, which is left its prefix.
func unkeyed(r *http.Request, text string) string {
	for _, value := range r.Header["Authorization"] {
		for word := range strings.FieldsSeq(value) {
			if len(word) >= 12 { // shorter ones are words that occur anywhere
				text = strings.ReplaceAll(text, word, hidden(word))
			}
		}
	}
	if !strings.Contains(text, keyMark) {
		return text
	}
	return keyForm.ReplaceAllString(text, keyMark+"${1}_…")
}

// hidden is what is shown of a key.
func hidden(key string) string {
	if isKeyText(key) {
		return key[:prefixLength] + "_…"
	}
	return "…"
}
