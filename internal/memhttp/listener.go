package memhttp

import (
	"context"
	"net"
	"sync"
)

// listener accepts the far ends of the pipes that dial makes.
type listener struct {
	accepted chan net.Conn
	closed   chan struct{}
	close    sync.Once

	mu    sync.Mutex
	conns []net.Conn // the near ends, to cut
}

func newListener() *listener {
	return &listener{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

// dial is for http.Transport; every address leads here.
func (l *listener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.accepted <- &conn{Conn: far}:
		l.mu.Lock()
		defer l.mu.Unlock()
		l.conns = append(l.conns, near)
		return near, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: l.Addr(), Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Accept is part of net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accepted:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close is part of net.Listener.
func (l *listener) Close() error {
	l.close.Do(func() { close(l.closed) })
	return nil
}

// Addr is part of net.Listener.
func (l *listener) Addr() net.Addr { return loopback }

func (l *listener) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

// loopback is what handlers see as address of either side: some parse it.
var loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}

// conn is the server's end of a pipe.
type conn struct{ net.Conn }

func (*conn) LocalAddr() net.Addr  { return loopback }
func (*conn) RemoteAddr() net.Addr { return loopback }
