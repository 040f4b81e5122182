package sentrial_test

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// roughLink makes connections on which nothing is quick, nothing comes in one piece, and some end anywhere. As with TCP a write is over before its bytes have arrived. It
// is for synctest bubbles.
type roughLink struct {
	latency time.Duration // of each way, and up to twice that
	life    int           // bytes of requests after which a connection is cut, at the latest
	silent  atomic.Bool   // nothing comes through, and nobody is told; a connection that has lost something stays so

	mu     sync.Mutex
	random *rand.Rand
	cuts   int
}

func newRoughLink(latency time.Duration, life int) *roughLink {
	return &roughLink{latency: latency, life: life, random: rand.New(rand.NewPCG(33, 33))}
}

// client is an HTTP client whose connections are rough, until the test ends.
func (l *roughLink) client(t *testing.T, smooth http.RoundTripper) *http.Client {
	transport := smooth.(*http.Transport).Clone()
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return l.connect(c), nil
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		time.Sleep(time.Minute) // what is still on its way comes to its end
	})
	return &http.Client{Transport: transport}
}

func (l *roughLink) connect(c net.Conn) net.Conn {
	r := &roughConn{Conn: c, link: l, out: make(chan []byte, 64), closed: make(chan struct{}), left: l.below(l.life)}
	go r.pump()
	return r
}

func (l *roughLink) below(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.random.IntN(n) + 1
}

func (l *roughLink) delay() { time.Sleep(l.latency + time.Duration(l.below(int(l.latency)))) }

type roughConn struct {
	net.Conn

	link   *roughLink
	out    chan []byte
	closed chan struct{}
	once   sync.Once
	dead   atomic.Bool // it has lost bytes
	left   int         // bytes until it is cut
}

func (c *roughConn) Write(p []byte) (int, error) {
	select {
	case c.out <- append([]byte(nil), p...):
		return len(p), nil
	case <-c.closed:
		return 0, net.ErrClosed
	}
}

// pump brings what was written to the other side, in slices.
func (c *roughConn) pump() {
	for {
		select {
		case p := <-c.out:
			c.link.delay()
			for len(p) > 0 && c.carries() {
				n := min(len(p), c.link.below(600), c.left)
				if _, err := c.Conn.Write(p[:n]); err != nil {
					return
				}
				p, c.left = p[n:], c.left-n
			}
		case <-c.closed:
			return
		}
	}
}

// carries tells whether bytes come through. It cuts the connection when its time has come.
func (c *roughConn) carries() bool {
	if c.link.silent.Load() {
		c.dead.Store(true)
	}
	if c.left == 0 {
		c.link.mu.Lock()
		c.link.cuts++
		c.link.mu.Unlock()
		_ = c.Close()
	}
	return !c.dead.Load() && c.left > 0
}

func (c *roughConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p[:min(len(p), c.link.below(80))])
	time.Sleep(c.link.latency / 20)
	if c.link.silent.Load() {
		c.dead.Store(true)
	}
	if c.dead.Load() && err == nil {
		<-c.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *roughConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
