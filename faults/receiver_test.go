package faults_test

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// receiver is a server of the project over a file.
type receiver struct {
	addr, file  string
	connections *atomic.Int64 // accepted so far
}

// receive starts a server in this process, on loopback, for as long as t runs.
func receive(t *testing.T) *receiver {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	counted := &countingListener{Listener: ln}
	r := &receiver{addr: ln.Addr().String(), file: filepath.Join(t.TempDir(), "events.db"), connections: &counted.accepted}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ready, served := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(served)
		served <- serve(ctx, counted, r.file, func() { close(ready) })
	}()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-ready:
	case err := <-served:
		t.Fatalf("the server ended at once: %v", err)
	}
	return r
}

// answered returns how often a batch was acknowledged so far, a repeated one every time.
func (r *receiver) answered(t *testing.T) (n uint64) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+r.addr+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if count, ok := strings.CutPrefix(lines.Text(), `sentrial_http_requests_total{route="POST /v1/events",status="200"} `); ok {
			n, err = strconv.ParseUint(count, 10, 64)
		}
	}
	if err != nil || n == 0 {
		t.Fatalf("GET /metrics: %s, %d requests, %v", res.Status, n, err)
	}
	return n
}

// serve runs the server over file until ctx ends. It calls ready once the file is there.
func serve(ctx context.Context, ln net.Listener, file string, ready func()) (err error) {
	db, err := sqlite.Open(ctx, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	s, err := server.New(server.Config{Store: db, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	ready()
	return s.Serve(ctx, ln)
}

// countingListener counts the connections that it accepts.
type countingListener struct {
	net.Listener
	accepted atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return c, err
}
