package server

import (
	"context"
	"net"
	"net/http"
	"net/netip"
)

type listenerKey struct{}

// onListener is the context of requests that come through ln.
func onListener(ln net.Listener) context.Context {
	return context.WithValue(context.Background(), listenerKey{}, ln.Addr())
}

// isLocal reports whether a request came through a listener that only this machine reaches. In somebody else's http.Server it goes by the
// connection; of a request without one nothing is known.
func isLocal(r *http.Request) bool {
	addr, ok := r.Context().Value(listenerKey{}).(net.Addr)
	if !ok {
		addr, _ = r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	}
	return isLoopback(addr)
}

func isLoopback(addr net.Addr) bool {
	switch addr := addr.(type) {
	case *net.TCPAddr:
		return addr.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}

// remoteOf returns the address that a request came from, as the connection knows it: what headers say of it may be invented.
func remoteOf(r *http.Request) netip.Addr { return addrOf(r.RemoteAddr) }

// addrOf is the address in a text that has a port too, the zero Addr if there is none.
func addrOf(text string) netip.Addr {
	addr, err := netip.ParseAddrPort(text)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Addr().Unmap().WithZone("")
}
