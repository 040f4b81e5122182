package sentrial_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sentrial/sentrial-go"
)

// BenchmarkHostedWire is what an event costs from the call to the reply of a server on this machine, requests included: eight sessions at once.
func BenchmarkHostedWire(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"srv_1"}`)
	}))
	defer server.Close()
	client, err := sentrial.New(
		sentrial.WithAPIURL(server.URL), sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithLogger(slog.New(slog.DiscardHandler)), sentrial.WithOverflow(sentrial.Block),
	)
	if err != nil {
		b.Fatal(err)
	}
	w := newWorkload()
	var sessions []*sentrial.Session
	for range 8 {
		_, s := client.CreateSession(b.Context(), "bench")
		sessions = append(sessions, s)
	}
	b.ResetTimer()
	for i := range b.N { // not b.Loop: what is measured ends with Close
		trackMixed(b.Context(), sessions[i%len(sessions)], w, i)
	}
	if err := client.Close(b.Context()); err != nil {
		b.Error(err)
	}
}
