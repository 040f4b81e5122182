package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

// TestBodiesTogetherAreBounded has one client hold its body back while another one comes: more than all may hold is refused before it is read,
// and taken once there is room.
func TestBodiesTogetherAreBounded(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.BodyBytes = 300_000 })
	ts := httptest.NewServer(a.Server)
	t.Cleanup(ts.Close)
	large := `{"events":[` + ev("large", "step", `"text":"`+strings.Repeat("x", 270_000)+`"`) + `]}`
	first := make(chan int, 1)
	body, rest := io.Pipe()
	go func() { first <- postTo(t, ts.URL, body) }()
	if _, err := io.WriteString(rest, large[:260_000]); err != nil {
		t.Fatal(err)
	}
	for a.Held() < 250_000 { // the rest may be in a buffer of the client
		runtime.Gosched()
	}
	second := strings.ReplaceAll(large, `"large"`, `"second"`)
	if status := postTo(t, ts.URL, strings.NewReader(second)); status != http.StatusServiceUnavailable {
		t.Errorf("a body beside one of nearly all there may be: %d", status)
	}
	if _, err := io.WriteString(rest, large[260_000:]); err != nil {
		t.Fatal(err)
	}
	_ = rest.Close()
	same(t, "the one that was there", <-first, http.StatusOK)
	same(t, "again", postTo(t, ts.URL, strings.NewReader(second)), http.StatusOK)
}

func postTo(t *testing.T, url string, body io.Reader) (status int) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/events", body)
	if err != nil {
		t.Error(err)
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}
