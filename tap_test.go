package sentrial_test

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// tap is a port that keeps every byte it is sent, and does with each connection what is set at the time.
type tap struct {
	net.Listener

	serve   atomic.Pointer[func(net.Conn) net.Conn] // nil from it: the connection is dealt with
	mu      sync.Mutex
	streams []*bytes.Buffer
}

func newTap(t *testing.T) *tap {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &tap{Listener: l}
}

func (p *tap) set(serve func(net.Conn) net.Conn) { p.serve.Store(&serve) }

func (p *tap) Accept() (net.Conn, error) {
	for {
		c, err := p.Listener.Accept()
		if err != nil {
			return nil, err
		}
		heard := new(bytes.Buffer)
		p.mu.Lock()
		p.streams = append(p.streams, heard)
		p.mu.Unlock()
		if c = (*p.serve.Load())(&tappedConn{c, p, heard}); c != nil {
			return c, nil
		}
	}
}

type tappedConn struct {
	net.Conn

	tap   *tap
	heard *bytes.Buffer
}

func (c *tappedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.tap.mu.Lock()
	defer c.tap.mu.Unlock()
	c.heard.Write(p[:n])
	return n, err
}

// check wants at least one connection, TLS on each of them, and none of the texts.
func (p *tap) check(t *testing.T, secrets ...string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.streams) == 0 {
		t.Error("nobody came")
	}
	for _, s := range p.streams {
		const handshake = 22 // the first byte of a connection that speaks TLS
		if b := s.Bytes(); len(b) > 0 && b[0] != handshake {
			t.Errorf("a connection began in the clear: %.100q", b)
		}
		for _, secret := range secrets {
			if strings.Contains(s.String(), secret) {
				t.Errorf("%s was sent in the clear", secret)
			}
		}
	}
}
