package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// Listen opens a TCP listener on addr (host:port), which must be a loopback address: without keys the server trusts whoever reaches it.
// A host name is taken when all its addresses are loopback ones; it then listens on the first.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("listen address %q: expected host:port, such as 127.0.0.1:7437: %w", addr, err)
	}
	ip, err := loopback(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("listen address %q: %w", addr, err)
	}
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", net.JoinHostPort(ip.String(), port))
}

// loopback returns the loopback address that host stands for.
func loopback(ctx context.Context, host string) (netip.Addr, error) {
	if host == "" {
		return netip.Addr{}, notLoopback("every interface")
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return netip.Addr{}, err
	}
	for _, ip := range ips {
		if !ip.Unmap().IsLoopback() {
			return netip.Addr{}, notLoopback(ip.Unmap().String())
		}
	}
	return ips[0].Unmap(), nil
}

func notLoopback(what string) error {
	return fmt.Errorf("%s is not loopback: the server has no keys and would be open to the network; use 127.0.0.1, [::1] or localhost", what)
}
