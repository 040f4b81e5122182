package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

// everyTarget is a request of each route, and of none.
func everyTarget(g *gated) (targets [][2]string) {
	for _, r := range g.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		targets = append(targets, [2]string{method, strings.NewReplacer("{id}", "x").Replace(path)})
	}
	return append(targets, [][2]string{
		{"GET", "/"},
		{"GET", "/nothing"},
		{"POST", "/nothing"},
		{"HEAD", "/healthz"},
		{"OPTIONS", "/v1/sessions"},
		{"PUT", "/v1/sessions"},
		{"GET", "/v1//sessions"},
		{"GET", "/api/sdk/nothing"},
		{"PROPFIND", "/v1/sessions"},
	}...)
}

// refusedEverywhere asks for everything with these headers and the best key there is.
func refusedEverywhere(t *testing.T, g *gated, s *site, key madeKey, what, code string, headers ...string) {
	t.Helper()
	for _, target := range everyTarget(g) {
		got := s.ask(target[0], target[1], "", append(key.header(), headers...)...)
		if got.status != http.StatusForbidden || (target[0] != "HEAD" && got.code() != code) {
			t.Errorf("%s: %s %s: %d %s", what, target[0], target[1], got.status, got.body)
		}
	}
}

func TestRow77ForeignHostIsRefusedOnEveryRoute(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.AllowedHosts = []string{"agents.example"} })
	key, s := g.key("p", "admin"), g.serve(nil)
	for _, host := range []string{
		"evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "agents.example.evil.example", "xlocalhost", "0.0.0.0:7437", "192.0.2.1", "[::]",
		"169.254.169.254", "localhost@evil.example",
	} {
		refusedEverywhere(t, g, s, key, host, "forbidden_host", "Host", host, "X-Forwarded-Host", "localhost", "Forwarded", "host=localhost")
	}
	port := s.addr[strings.LastIndex(s.addr, ":"):]
	for _, host := range []string{
		"localhost", "localhost" + port, "LocalHost:1", "agents.localhost", "127.0.0.1" + port, "127.8.9.10", "[::1]:9", "localhost.", "agents.example", "Agents.Example:443",
	} {
		same(t, host, s.ask("GET", "/healthz", "", "Host", host).status, http.StatusOK)
	}
}

// TestRow77HostsBeyondLoopback: elsewhere an address is as good as a name of ours, for pages come from names.
func TestRow77HostsBeyondLoopback(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.AllowedHosts = []string{"agents.example"} })
	own, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	key, s := g.key("p", "admin"), g.serve(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 7437})
	refusedEverywhere(t, g, s, key, "evil.example", "forbidden_host", "Host", "evil.example")
	for _, host := range []string{"192.0.2.1:7437", "203.0.113.9", "[2001:db8::1]:7437", "agents.example", own, own + ":7437", "localhost"} {
		same(t, host, s.ask("GET", "/healthz", "", "Host", host).status, http.StatusOK)
	}
}

func TestRow77ForeignOriginIsRefusedOnEveryRoute(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.AllowedHosts = []string{"agents.example"} })
	key, s := g.key("p", "admin"), g.serve(nil)
	for _, origin := range []string{
		"https://evil.example", "http://evil.example:7437", "null", "", "http://localhost.evil.example", "http://127.0.0.1@evil.example", "file://", "evil.example", "http://0.0.0.0", "http://192.0.2.1",
		"chrome-extension://abcdef", "http://localhost http://evil.example", "//localhost",
	} {
		refusedEverywhere(t, g, s, key, origin, "forbidden_origin", "Origin", origin)
	}
	same(t, "its own page reads", s.ask("GET", "/v1/sessions", "", append(key.header(), "Origin", s.url)...).status, http.StatusOK)
	same(t, "two origins", s.ask("GET", "/v1/sessions", "", append(key.header(), "Origin", s.url, "Origin", "http://evil.example")...).status, http.StatusForbidden)
	own := s.ask("POST", "/v1/events", `{"events":[]}`, append(key.header(), "Origin", s.url, "Content-Type", "application/json")...)
	same(t, "its own page writes", own.status, http.StatusOK)
	behind := s.ask("POST", "/v1/events", `{"events":[]}`, append(key.header(), "Host", "agents.example", "Origin", "https://agents.example", "Content-Type", "application/json")...)
	same(t, "its own page writes through a proxy", behind.status, http.StatusOK)
	s.want("a page of another port writes", s.ask("POST", "/v1/events", `{"events":[]}`, append(key.header(), "Origin", "http://127.0.0.1:1", "Content-Type", "application/json")...),
		http.StatusForbidden, "forbidden_origin")
}

// TestRow77CrossSiteRequestsOfBrowsers: an image, a script, a frame, a fetch without CORS; but whoever follows a link may.
func TestRow77CrossSiteRequestsOfBrowsers(t *testing.T) {
	g := newGated(t)
	key, s := g.key("p", "admin"), g.serve(nil)
	for _, fetch := range [][2]string{{"no-cors", "image"}, {"no-cors", "script"}, {"no-cors", "empty"}, {"cors", "empty"}, {"navigate", "iframe"}, {"navigate", "object"}, {"websocket", "websocket"}, {"", ""}} {
		refusedEverywhere(t, g, s, key, fetch[1], "forbidden_origin", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", fetch[0], "Sec-Fetch-Dest", fetch[1])
	}
	link := []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}
	same(t, "a link", s.ask("GET", "/healthz", "", link...).status, http.StatusOK)
	s.want("a form as a page", s.ask("POST", "/v1/events", `{"events":[]}`, append(append(key.header(), link...), "Content-Type", "text/plain")...), http.StatusForbidden, "forbidden_origin")
	same(t, "typed", s.ask("GET", "/healthz", "", "Sec-Fetch-Site", "none").status, http.StatusOK)
	same(t, "its own page", s.ask("POST", "/v1/events", `{"events":[]}`, append(key.header(), "Sec-Fetch-Site", "same-origin", "Content-Type", "application/json")...).status, http.StatusOK)
}

// TestRow77FormPosts: what a page can send to another site without asking, with and without the headers by which newer browsers tell.
func TestRow77FormPosts(t *testing.T) {
	g := newGated(t)
	s := g.serve(nil) // nobody needs a key
	event := `{"events":[` + ev("e1", "step") + `]}`
	for _, target := range []string{"/v1/events", "/api/sdk/sessions", "/api/sdk/events", "/v1/keys"} {
		for _, media := range []string{"text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
			for _, tells := range [][]string{{"Origin", "http://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}} {
				got := s.ask("POST", target, event, append(tells, "Content-Type", media)...)
				s.want(fmt.Sprint(target, media, tells), got, http.StatusForbidden, "forbidden_origin")
			}
			s.want(target+" "+media, s.ask("POST", target, event, "Content-Type", media), http.StatusUnsupportedMediaType, "unsupported_media_type")
		}
	}
	same(t, "stored", s.ask("GET", "/v1/sessions", "").body, "{\"data\":[]}\n")
	same(t, "keys", s.ask("GET", "/v1/keys", "").body, "{\"data\":[]}\n")
}

func TestRow77PreflightsAndStreams(t *testing.T) {
	g := newGated(t)
	key, s := g.key("p", "admin"), g.serve(nil)
	preflight := s.ask("OPTIONS", "/v1/events", "", "Origin", "http://evil.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")
	s.want("preflight", preflight, http.StatusForbidden, "forbidden_origin")
	for _, target := range []string{"/v1/stream", "/v1/sessions"} {
		for _, headers := range [][]string{
			{"Accept", "text/event-stream"},
			{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-Websocket-Version", "13", "Sec-Websocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
			{"Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c", "Http2-Settings", "AAMAAABkAAQAAP__"},
		} {
			all := append(key.header(), headers...)
			s.want(target+" from a page", s.ask("GET", target, "", append(all, "Origin", "http://evil.example")...), http.StatusForbidden, "forbidden_origin")
			s.want(target+" by a foreign name", s.ask("GET", target, "", append(all, "Host", "evil.example")...), http.StatusForbidden, "forbidden_host")
			if got := s.ask("GET", "/v1/sessions", "", all...); got.status != http.StatusOK {
				t.Errorf("%v from a program: %d", headers, got.status)
			}
		}
	}
}

// TestRow77RequestsOfNoClient are written by hand: no Host, the name in the request line, OPTIONS * and the like.
func TestRow77RequestsOfNoClient(t *testing.T) {
	g := newGated(t)
	s := g.serve(nil)
	for request, status := range map[string]string{
		"GET /healthz HTTP/1.0\r\n\r\n":                                          "403",
		"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n":                                 "403",
		"GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n":    "403",
		"OPTIONS * HTTP/1.1\r\nHost: evil.example\r\n\r\n":                       "403",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n": "400",
		"CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n":            "403",
	} {
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || !strings.Contains(line, " "+status+" ") {
			t.Errorf("%q: %q %v, want %s", request, line, err, status)
		}
		conn.Close()
	}
}

func TestAllowedHostsAreNames(t *testing.T) {
	for name, good := range map[string]bool{
		"agents.example": true, "Agents.Example.": true, "192.0.2.1": true, "[2001:db8::1]": true, "2001:db8::1": true,
		"": false, "*": false, "*.example": false, "https://agents.example": false, "agents.example:443": false, "agents.example/x": false, "a b": false, "me@agents.example": false,
	} {
		if err := server.CheckHost(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
		if good && !server.AllowsHost(strings.Trim(name, "."), true, name) && !strings.Contains(name, ":") {
			t.Errorf("%q is allowed and refused", name)
		}
	}
	if _, err := server.New(server.Config{Store: panicking{}, AllowedHosts: []string{"http://x"}}); err == nil {
		t.Error("a URL for a host")
	}
}

func FuzzHost(f *testing.F) {
	for _, seed := range []string{"localhost", "localhost:1", "x.localhost.", "[::1]:80", "127.0.0.1", "127.1", "0x7f.0.0.1", "[::ffff:127.0.0.1]", "evil.example", "evil.example#localhost", "[", "]:", "::1", "a\x00.localhost"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !server.AllowsHost(host, true) {
			return
		}
		name := strings.ToLower(host)
		if i := strings.LastIndex(name, ":"); i >= 0 && !strings.HasSuffix(name, "]") {
			name = name[:i]
		}
		name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
		if ip := net.ParseIP(name); name != "localhost" && !strings.HasSuffix(name, ".localhost") && (ip == nil || !ip.IsLoopback()) {
			if !strings.Contains(name, "%") { // a zone, which net.ParseIP does not know
				t.Errorf("%q is let in as %q", host, name)
			}
		}
		if server.AllowsOrigin("http://evil.example/"+host, true) || server.AllowsOrigin(host+".evil.example", true) {
			t.Errorf("%q makes another origin ours", host)
		}
	})
}
