package server_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

func TestListenTakesLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "127.8.9.10:0", "localhost:0"} {
		ln, err := server.Listen(t.Context(), addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		if !ln.Addr().(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("%s listens on %s", addr, ln.Addr())
		}
		if err := ln.Close(); err != nil {
			t.Error(err)
		}
	}
	for addr, message := range map[string]string{
		"0.0.0.0:0":           "0.0.0.0 is not loopback",
		":0":                  "every interface is not loopback",
		"[::]:0":              ":: is not loopback",
		"192.0.2.1:0":         "192.0.2.1 is not loopback: it would be open to the network",
		"[::ffff:10.0.0.1]:0": "10.0.0.1 is not loopback",
		"127.0.0.1":           "expected host:port",
		"":                    "expected host:port",
	} {
		ln, err := server.Listen(t.Context(), addr)
		if err == nil {
			t.Errorf("%s: listens on %s", addr, ln.Addr())
		} else if !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v, want %s", addr, err, message)
		}
	}
}

// slow is a store whose Ping waits until it is let go.
type slow struct {
	store.Store
	entered, letGo chan struct{}
}

func (s slow) Ping(context.Context) error {
	close(s.entered)
	<-s.letGo
	return nil
}

func TestServeLetsRequestsFinish(t *testing.T) {
	db := slow{entered: make(chan struct{}), letGo: make(chan struct{})}
	a := newApp(t, func(c *server.Config) {
		db.Store = c.Store
		c.Store = db
	})
	ln, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served, replied := make(chan error, 1), make(chan string, 1)
	go func() { served <- a.Serve(ctx, ln) }()
	go func() { replied <- fetch(t, "http://"+ln.Addr().String()+"/readyz") }()
	<-db.entered
	stop()
	for { // until the listener is gone the request below would be taken
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			break
		}
		conn.Close()
	}
	select {
	case err := <-served:
		t.Fatalf("ended (%v) with a request under way", err)
	default:
	}
	close(db.letGo)
	same(t, "reply", <-replied, `{"status":"ready"}`)
	if err := <-served; err != nil {
		t.Errorf("serve: %v", err)
	}
}

func fetch(t *testing.T, url string) string {
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return strings.TrimSpace(string(body))
}

func TestServeReportsABrokenListener(t *testing.T) {
	a := newApp(t)
	ln, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := a.Serve(t.Context(), ln); err == nil {
		t.Error("served on a closed listener")
	}
}
