package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

// wires is a listener in memory, for tests that have a clock of their own.
type wires struct {
	conns  chan net.Conn
	closed chan struct{}
	slow   sync.WaitGroup
}

// over is a connection that says it came over loopback.
type over struct{ net.Conn }

func (over) LocalAddr() net.Addr  { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 7437} }
func (over) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 50000} }

func (m *wires) Accept() (net.Conn, error) {
	select {
	case conn := <-m.conns:
		return conn, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *wires) Close() error   { close(m.closed); return nil }
func (m *wires) Addr() net.Addr { return over{}.LocalAddr() }

func (m *wires) dial() net.Conn {
	here, there := net.Pipe()
	m.conns <- over{there}
	return here
}

// inMemory runs a server over connections in memory, in a bubble.
func inMemory(t *testing.T, test func(t *testing.T, m *wires)) {
	synctest.Test(t, func(t *testing.T) {
		a, m := newApp(t), &wires{conns: make(chan net.Conn), closed: make(chan struct{})}
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- a.Serve(ctx, m) }()
		test(t, m)
		m.slow.Wait()
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

// wantServed checks that somebody who is not slow is served.
func (m *wires) wantServed(t *testing.T, id string) {
	t.Helper()
	conn := m.dial()
	defer conn.Close()
	body := `{"events":[` + ev(id, "step") + `]}`
	go fmt.Fprintf(conn, "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	start := time.Now()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the good client: %v", err)
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); res.StatusCode != 200 || !strings.Contains(string(text), `"accepted":1`) {
		t.Errorf("the good client: %d %s", res.StatusCode, text)
	}
	if took := time.Since(start); took > 0 {
		t.Errorf("the good client waited %v", took)
	}
}

// drip writes text, then a byte a second for as long as they are taken.
func (m *wires) drip(conn net.Conn, text string) {
	m.slow.Go(func() {
		_, err := io.WriteString(conn, text)
		for err == nil {
			time.Sleep(time.Second)
			_, err = io.WriteString(conn, "x")
		}
	})
}

func TestRow75SlowHeader(t *testing.T) {
	inMemory(t, func(t *testing.T, m *wires) {
		start := time.Now()
		var conns []net.Conn
		for i := range 200 {
			conns = append(conns, m.dial())
			m.drip(conns[i], []string{"", "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nX-Slow: "}[i%2])
		}
		m.wantServed(t, "during")
		for _, conn := range conns {
			_, _ = io.Copy(io.Discard, conn)
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("slow headers were cut after %v", took)
		}
		m.wantServed(t, "after")
	})
}

func TestRow75SlowBody(t *testing.T) {
	inMemory(t, func(t *testing.T, m *wires) {
		start := time.Now()
		var conns []net.Conn
		for _, header := range []string{"Content-Length: 1000000", "Transfer-Encoding: chunked\r\n\r\n10000", "Content-Length: 1000000\r\nContent-Encoding: gzip"} {
			for _, route := range []string{"POST /v1/events", "POST /api/sdk/events", "PATCH /api/sdk/sessions/s1"} {
				conn := m.dial()
				conns = append(conns, conn)
				m.drip(conn, route+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+header+"\r\n\r\n")
			}
		}
		m.wantServed(t, "during")
		var wg sync.WaitGroup
		for _, conn := range conns {
			wg.Go(func() {
				answer, _ := bufio.NewReader(conn).ReadString('\n')
				if took := time.Since(start); took != time.Minute || !strings.HasPrefix(answer, "HTTP/1.1 408 ") {
					t.Errorf("a slow body got %q after %v", answer, took)
				}
				_, _ = io.Copy(io.Discard, conn) // until it is closed
			})
		}
		wg.Wait()
		if took := time.Since(start); took > time.Minute+time.Second {
			t.Errorf("slow bodies were cut after %v", took)
		}
		m.wantServed(t, "after")
	})
}

// TestRow75SlowReader does not take its reply.
func TestRow75SlowReader(t *testing.T) {
	inMemory(t, func(t *testing.T, m *wires) {
		conn := m.dial()
		if _, err := io.WriteString(conn, "GET /v1/sessions HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		m.wantServed(t, "during")
		time.Sleep(2*time.Minute - 1)
		synctest.Wait()
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			t.Errorf("cut before two minutes: %v", err)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if rest, _ := io.ReadAll(conn); len(rest) > 0 {
			t.Errorf("after two minutes there came %q", rest)
		}
		m.wantServed(t, "after")
	})
}

func TestRow75HugeHeader(t *testing.T) {
	inMemory(t, func(t *testing.T, m *wires) {
		conn := m.dial()
		m.slow.Go(func() {
			_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
			for err == nil {
				_, err = io.WriteString(conn, "X-More: "+strings.Repeat("x", 1000)+"\r\n")
			}
		})
		if answer, _ := io.ReadAll(conn); !strings.HasPrefix(string(answer), "HTTP/1.1 431 ") {
			t.Errorf("a header without end got %q", answer)
		}
		m.wantServed(t, "after")
	})
}

// TestRow75IdleConnections: two thousand of them, of which half have made a request before, over real sockets.
func TestRow75IdleConnections(t *testing.T) {
	a := newApp(t, func(c *server.Config) {
		c.Connections = server.Connections{HeaderTimeout: 2 * time.Second, IdleTimeout: 2 * time.Second}
	})
	ln, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx, ln) }()
	var idle []net.Conn
	for i := range 2000 {
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Logf("only %d connections, for this system: %v", i, err)
			break
		}
		defer conn.Close()
		if idle = append(idle, conn); i%2 == 0 {
			if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 20 {
		same(t, "accepted while they wait", postBatch(t, "http://"+ln.Addr().String(), []string{ev(fmt.Sprint("e", i), "step")}), 1)
	}
	for _, conn := range idle {
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("an idle connection is still open after a minute")
		}
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
}
