package server

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// Connections bounds what connections may take of a server that runs by [Server.Serve]. A zero field takes its default.
type Connections struct {
	HeaderTimeout  time.Duration // until a request's header has come; default 10 s
	RequestTimeout time.Duration // until its body has; default 1 min: it is at most some MiB
	ReplyTimeout   time.Duration // until its reply was taken; default 2 min
	IdleTimeout    time.Duration // between requests; default 2 min
	MaxHeaderBytes int           // default 64 KiB
	// Max and MaxPerRemote bound how many are open, and how many of one remote address (of IPv6 a /64); default 4,096 and 1,024. A new one beyond takes the
	// place of the one that has been without a complete request for longest, and is only refused when all are being served.
	Max          int
	MaxPerRemote int
}

func (c Connections) withDefaults() Connections {
	c.HeaderTimeout = orDefault(c.HeaderTimeout, 10*time.Second)
	c.RequestTimeout = orDefault(c.RequestTimeout, time.Minute)
	c.ReplyTimeout = orDefault(c.ReplyTimeout, 2*time.Minute)
	c.IdleTimeout = orDefault(c.IdleTimeout, 2*time.Minute)
	c.MaxHeaderBytes = orDefault(c.MaxHeaderBytes, 64<<10)
	c.Max = orDefault(c.Max, 4096)
	c.MaxPerRemote = orDefault(c.MaxPerRemote, 1024)
	return c
}

func orDefault[T int | time.Duration](value, standard T) T {
	if value <= 0 {
		return standard
	}
	return value
}

// doorman is a listener that keeps count of the connections that came through it.
type doorman struct {
	net.Listener
	most, mostPerRemote int

	mu    sync.Mutex
	conns map[string]map[*guest]struct{} // by remoteHost
	count int
}

// guest is a connection. Its fields belong to its doorman's lock.
type guest struct {
	net.Conn
	door    *doorman
	host    string
	serving int       // requests under way: several with HTTP/2
	since   time.Time // when serving became what it is
	gone    bool
}

func newDoorman(ln net.Listener, c Connections) *doorman {
	return &doorman{Listener: ln, most: c.Max, mostPerRemote: c.MaxPerRemote, conns: make(map[string]map[*guest]struct{})}
}

// Accept returns the next connection there is room for.
func (d *doorman) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g := &guest{Conn: conn, door: d, host: remoteHost(conn.RemoteAddr()), since: time.Now()}
		leaving, ok := d.enter(g)
		if leaving != nil {
			_ = leaving.Close()
		}
		if ok {
			return g, nil
		}
		_ = conn.Close()
	}
}

// enter takes g in if there is room, or if another one can leave.
func (d *doorman) enter(g *guest) (leaving *guest, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case len(d.conns[g.host]) >= d.mostPerRemote:
		leaving = longest(d.conns[g.host], nil)
	case d.count >= d.most:
		for _, of := range d.conns {
			leaving = longest(of, leaving)
		}
	default:
		d.add(g)
		return nil, true
	}
	if leaving == nil {
		return nil, false
	}
	d.remove(leaving)
	d.add(g)
	return leaving, true
}

// longest returns the guest that has been without a request for longest, other being one of the candidates; nil when all are served.
func longest(guests map[*guest]struct{}, other *guest) *guest {
	for g := range guests {
		if g.serving == 0 && (other == nil || g.since.Before(other.since)) {
			other = g
		}
	}
	return other
}

func (d *doorman) add(g *guest) {
	of := d.conns[g.host]
	if of == nil {
		of = make(map[*guest]struct{})
		d.conns[g.host] = of
	}
	of[g] = struct{}{}
	d.count++
}

func (d *doorman) remove(g *guest) {
	if g.gone {
		return
	}
	g.gone = true
	d.count--
	delete(d.conns[g.host], g)
	if len(d.conns[g.host]) == 0 {
		delete(d.conns, g.host)
	}
}

// Close makes room.
func (g *guest) Close() error {
	g.door.mu.Lock()
	g.door.remove(g)
	g.door.mu.Unlock()
	return g.Conn.Close()
}

// CloseWrite lets net/http end a reply before a request's body has come to its end.
func (g *guest) CloseWrite() error {
	if half, ok := g.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// serve counts a request that begins (1) or is over (-1).
func (g *guest) serve(n int) {
	g.door.mu.Lock()
	defer g.door.mu.Unlock()
	g.serving += n
	g.since = time.Now()
}

type guestKey struct{}

// withGuest makes the connection known to its requests.
func withGuest(ctx context.Context, conn net.Conn) context.Context {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	return context.WithValue(ctx, guestKey{}, conn)
}

// served keeps connections whose requests are being answered.
func served(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g, ok := r.Context().Value(guestKey{}).(*guest); ok {
			g.serve(1)
			defer g.serve(-1)
		}
		next.ServeHTTP(w, r)
	})
}

// remoteHost is whose a connection is: all of a network that one client has count as one.
func remoteHost(addr net.Addr) string {
	if ip := addrOf(addr.String()); ip.IsValid() {
		return network(ip)
	}
	return addr.String()
}
