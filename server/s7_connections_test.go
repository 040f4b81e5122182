package server_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// dial opens a connection that says nothing.
func (s *site) dial() net.Conn {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	return conn
}

// TestS7IdleConnectionsMakeRoom: whoever holds connections without a request loses the oldest to a new one, whoever that is.
func TestS7IdleConnectionsMakeRoom(t *testing.T) {
	for name, bounds := range map[string]server.Connections{"of all": {Max: 4}, "of one address": {MaxPerRemote: 4}} {
		t.Run(name, func(t *testing.T) {
			g := newGated(t, func(c *server.Config) { c.Connections = bounds })
			s := g.serve(nil)
			var silent []net.Conn
			for range 40 {
				conn := s.dial()
				if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: local"); err != nil { // half a request is none
					t.Fatal(err)
				}
				silent = append(silent, conn)
			}
			for range 20 {
				s.http.CloseIdleConnections()
				same(t, "a good client", s.ask("GET", "/healthz", "").status, http.StatusOK)
			}
			if _, err := silent[0].Read(make([]byte, 1)); err == nil {
				t.Error("the oldest silent connection got an answer")
			}
		})
	}
}

// held is a store whose Ping waits until it is let go.
type held struct {
	store.Store
	entered, letGo chan struct{}
}

func (h held) Ping(context.Context) error {
	h.entered <- struct{}{}
	<-h.letGo
	return nil
}

// TestS7ServedConnectionsStay: a connection whose request is being answered is never given up for a new one.
func TestS7ServedConnectionsStay(t *testing.T) {
	h := held{entered: make(chan struct{}), letGo: make(chan struct{})}
	g := newGated(t, func(c *server.Config) {
		if h.Store == nil {
			h.Store = c.Store
		}
		c.Store, c.Connections = h, server.Connections{Max: 2}
	})
	s := g.serve(nil)
	var busy []net.Conn
	for range 2 {
		conn := s.dial()
		if _, err := io.WriteString(conn, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		<-h.entered
		busy = append(busy, conn)
	}
	if n, err := s.dial().Read(make([]byte, 1)); err == nil { // refused
		t.Errorf("a third connection got %d bytes", n)
	}
	close(h.letGo)
	for _, conn := range busy {
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
			t.Errorf("a served connection: %q %v", line, err)
		}
	}
	same(t, "a new one", s.ask("GET", "/healthz", "").status, http.StatusOK)
}

func TestS7LongHeadersAreRefused(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.Connections.MaxHeaderBytes = 1000 })
	s := g.serve(nil)
	conn := s.dial()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: "+strings.Repeat("x", 10_000)+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "431") {
		t.Errorf("%q %v", line, err)
	}
}
