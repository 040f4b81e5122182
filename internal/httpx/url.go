package httpx

import (
	"net/netip"
	"net/url"
	"strings"
)

// PublicURL is u without user, password, query and fragment: what may be shown in an error
// or a log line. A nil u is "".
func PublicURL(u *url.URL) string {
	if u == nil {
		return ""
	}
	public := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return public.String()
}

// Loopback tells whether u leads to this very machine: localhost or a name below it,
// 127.0.0.0/8 or ::1. No name is looked up.
func Loopback(u *url.URL) bool {
	if u == nil {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
