package otelbridge_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// countEvents tells how many events a body of the batch protocol has, which is not compressed.
func countEvents(body []byte) int { return bytes.Count(body, []byte(`"session_id":"`)) }

// answered is a server's reply that takes n events.
func answered(r *http.Request, n int) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(fmt.Sprintf(`{"accepted":%d,"duplicates":0}`, n))),
	}
}
