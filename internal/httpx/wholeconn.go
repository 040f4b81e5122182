package httpx

import (
	"context"
	"io"
	"net"
)

// dialer is what net.Dialer does.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// whole makes a dialer whose TCP connections send a body that lies in memory in one piece.
func whole(dial dialer) dialer {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if tcp, ok := conn.(*net.TCPConn); ok && err == nil {
			return wholeConn{tcp}, nil
		}
		return conn, err
	}
}

// wholeConn is a TCP connection that takes a body as it lies in memory. net/http hides what
// it is behind a limit, so that all of it would be copied in pieces of 32 KiB, and as many
// calls of the kernel: a third of what it costs to send half a megabyte. Over TLS it makes
// no difference: what is sent has to be encrypted anyway.
type wholeConn struct{ *net.TCPConn }

// inMemory is a body that writes the rest of itself, which is Len bytes, at once.
type inMemory interface {
	io.WriterTo
	Len() int
}

// ReadFrom sends what r has.
func (c wholeConn) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		return c.TCPConn.ReadFrom(r)
	}
	content, ok := limited.R.(inMemory)
	if !ok || int64(content.Len()) != limited.N {
		return c.TCPConn.ReadFrom(r)
	}
	n, err := content.WriteTo(c.TCPConn)
	limited.N -= n
	return n, err
}
