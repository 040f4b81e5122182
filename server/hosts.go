package server

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
)

// hosts knows the names that the server answers to. A page of another site can make its own name point to this machine, and then reads
// what it likes as the same site (DNS rebinding); it cannot make the browser say another name.
type hosts struct {
	own     string // this machine's
	allowed map[string]struct{}
}

func newHosts(allowed []string) (hosts, error) {
	h := hosts{allowed: make(map[string]struct{})}
	if own, err := os.Hostname(); err == nil {
		h.own = canonicalHost(own)
	}
	for _, name := range allowed {
		if err := CheckHost(name); err != nil {
			return h, fmt.Errorf("allowed host %w", err)
		}
		h.allowed[canonicalHost(strings.Trim(name, "[]"))] = struct{}{}
	}
	return h, nil
}

// CheckHost reports what is wrong with a name for [Config.AllowedHosts].
func CheckHost(name string) error {
	host := canonicalHost(strings.Trim(name, "[]"))
	if host == "" || strings.ContainsAny(host, "/@*?# ") || (strings.Contains(host, ":") && !isAddress(host)) {
		return fmt.Errorf("%q: expected a name such as agents.example, without scheme, port or path", name)
	}
	return nil
}

// allows reports whether host, which may have a port, is a name of ours. On loopback only loopback's names and those that were allowed are,
// elsewhere the machine's own name too, and any address: the pages to fear have names.
func (h hosts) allows(host string, local bool) bool {
	name, ok := hostOf(host)
	if !ok {
		return false
	}
	if isLoopbackName(name) {
		return true
	}
	_, allowed := h.allowed[name]
	return allowed || (!local && (isAddress(name) || name == h.own))
}

// hostOf returns the name in a Host header.
func hostOf(header string) (string, bool) {
	host, port := header, ""
	if i := strings.LastIndexByte(header, ':'); i >= 0 && !strings.HasSuffix(header, "]") {
		host, port = header[:i], header[i+1:]
	}
	if strings.Trim(port, "0123456789") != "" {
		return "", false
	}
	bare, bracketed := strings.CutPrefix(host, "[")
	bare, closed := strings.CutSuffix(bare, "]")
	if bracketed != closed || bracketed != strings.Contains(bare, ":") {
		return "", false
	}
	name := canonicalHost(bare)
	return name, name != ""
}

// canonicalHost is the one way in which a name is written, an address too.
func canonicalHost(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().String()
	}
	return name
}

func isLoopbackName(name string) bool {
	ip, err := netip.ParseAddr(name)
	return (err == nil && ip.Unmap().IsLoopback()) || name == "localhost" || strings.HasSuffix(name, ".localhost")
}

func isAddress(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

// stranger reports why a request must not be answered, whatever it asks for.
func (s *Server) stranger(r *http.Request) error {
	local := isLocal(r)
	if !s.hosts.allows(r.Host, local) {
		return forbidden(codeHost, "the server does not answer to the host "+quote(r.Host)+": use its address, or start it with --allow-host NAME")
	}
	for _, origin := range r.Header["Origin"] {
		if !s.hosts.allowsOrigin(origin, local) {
			return forbidden(codeOrigin, "pages of "+quote(origin)+" may not use this server")
		}
	}
	if s.crossOrigin.Check(r) != nil || fromElsewhere(r) {
		return forbidden(codeOrigin, "pages of other sites may not use this server")
	}
	return nil
}

func (h hosts) allowsOrigin(origin string, local bool) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && h.allows(u.Host, local)
}

// fromElsewhere reports whether a browser asks on behalf of another site's page, unless somebody follows a link there.
func fromElsewhere(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") != "cross-site" {
		return false
	}
	follows := (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	return !follows
}
