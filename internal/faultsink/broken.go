package faultsink

import (
	"net"
	"net/http"
)

// Reset cuts the connection without a reply and without reading the body: over TCP by RST, over HTTP/2 by RST_STREAM.
func Reset(x *Exchange) {
	c, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil { // HTTP/2 shares its connection
		panic(http.ErrAbortHandler)
	}
	x.sink.left(x)
	abort(c)
}

// ResetAfterBody reads the request and cuts the connection, before anything is committed.
func ResetAfterBody(x *Exchange) { Then(ReadBody, Reset)(x) }

// LoseReply commits the batch and cuts the connection.
func LoseReply(x *Exchange) { CommitThen(Reset)(x) }

// Hang reads the request and never answers. It ends when the client gives up or the server is closed.
func Hang(x *Exchange) {
	x.Events()
	HangUnread(x)
}

// HangUnread is Hang without reading the request; net/http may not see the client give up, then it ends when the server is closed.
func HangUnread(x *Exchange) {
	<-x.http.Context().Done()
	panic(http.ErrAbortHandler)
}

// abort closes a connection so that the other side sees a reset, where the transport knows one.
func abort(c net.Conn) {
	if wrapped, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = wrapped.NetConn()
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}
