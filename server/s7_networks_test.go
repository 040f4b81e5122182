package server_test

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

// network6 is a listener whose clients each have an address of their own in one IPv6 network.
type network6 struct {
	net.Listener
	n atomic.Int32
}

type client6 struct {
	net.Conn
	addr net.Addr
}

func (c client6) RemoteAddr() net.Addr { return c.addr }

func (l *network6) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	ip := net.ParseIP("2001:db8::1")
	ip[15] = byte(l.n.Add(1))
	return client6{conn, &net.TCPAddr{IP: ip, Port: 1}}, err
}

// TestS7OneNetworkIsOneRemote: who has a whole /64 has no more connections than who has one address.
func TestS7OneNetworkIsOneRemote(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	door := server.NewDoorman(&network6{Listener: ln}, server.Connections{Max: 100, MaxPerRemote: 3})
	var first net.Conn
	for n := range 4 {
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		taken, err := door.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = taken.Close() })
		if n == 0 {
			first = conn
		}
	}
	if err := first.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := first.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the first of four is still there: %d bytes (%v)", n, err)
	}
}
