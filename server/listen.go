package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
)

var (
	// ErrNotLoopback reports an address that others than this machine reach.
	ErrNotLoopback = errors.New("not loopback")
	// ErrNoKeys reports that nobody could be let in, or everybody would have to be.
	ErrNoKeys = errors.New("no valid key")
)

// Listen opens a TCP listener on addr (host:port), which must be a loopback address: until a key is made the server trusts whoever reaches
// it. A host name is taken when all its addresses are loopback ones; it then listens on the first.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	ip, port, err := resolve(ctx, addr)
	if err != nil {
		return nil, err
	}
	if !ip.IsLoopback() {
		return nil, fmt.Errorf("listen address %q: %s is %w: it would be open to the network; use 127.0.0.1, [::1] or localhost, or make a key first", addr, shown(ip), ErrNotLoopback)
	}
	return listen(ctx, ip, port)
}

// Listen opens a TCP listener on addr (host:port). Any but a loopback address needs a key that is valid now, else the error is [ErrNoKeys].
func (s *Server) Listen(ctx context.Context, addr string) (net.Listener, error) {
	ip, port, err := resolve(ctx, addr)
	if err != nil {
		return nil, err
	}
	if ip.IsLoopback() {
		return listen(ctx, ip, port)
	}
	switch valid, err := s.hasValidKey(ctx); {
	case err != nil:
		return nil, err
	case !valid:
		return nil, fmt.Errorf("listen address %q: %s is not loopback and the store has %w", addr, shown(ip), ErrNoKeys)
	}
	return listen(ctx, ip, port)
}

func (s *Server) hasValidKey(ctx context.Context) (bool, error) {
	keys, err := s.store.ListKeys(ctx, "")
	if err != nil {
		return false, err
	}
	now := s.now()
	for i := range keys {
		if keys[i].ValidAt(now) {
			return true, nil
		}
	}
	return false, nil
}

// resolve returns the address to listen on: of a host's the first that is not loopback, if there is one. The zero address is every interface.
func resolve(ctx context.Context, addr string) (netip.Addr, string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.Addr{}, "", fmt.Errorf("listen address %q: expected host:port, such as 127.0.0.1:7437: %w", addr, err)
	}
	if host == "" {
		return netip.Addr{}, port, nil
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return netip.Addr{}, "", fmt.Errorf("listen address %q: %w", addr, err)
	}
	for _, ip := range ips {
		if !ip.Unmap().IsLoopback() {
			return ip.Unmap(), port, nil
		}
	}
	return ips[0].Unmap(), port, nil
}

func listen(ctx context.Context, ip netip.Addr, port string) (net.Listener, error) {
	host := ""
	if ip.IsValid() {
		host = ip.String()
	}
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", net.JoinHostPort(host, port))
}

func shown(ip netip.Addr) string {
	if !ip.IsValid() {
		return "every interface"
	}
	return ip.String()
}
