package sentrial_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// firstByHand is a listener whose first connection is spoken by hand. Those after it go to net/http.
type firstByHand struct {
	net.Listener

	script  func(net.Conn)
	begun   atomic.Bool
	running sync.WaitGroup
}

func (l *firstByHand) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil && !l.begun.Swap(true) {
		l.running.Go(func() { l.script(c) })
		return l.Listener.Accept()
	}
	return c, err
}

// h2Hand is the server's side of one HTTP/2 connection, spoken by hand: enough to end it at any moment and in every way.
type h2Hand struct {
	net.Conn

	in    *bufio.Reader
	begun bool // the header of the first request has come
	whole bool // its body has ended
	body  bytes.Buffer
}

// Types of frames, their flags, and codes of errors.
const (
	frameData, frameHeaders, frameReset, frameSettings, frameGoAway, frameWindow = 0, 1, 3, 4, 7, 8

	flagEnd, flagEndHeaders, flagAck = 1, 4, 1

	codeNone, codeInternal, codeRefused, codeCancel, codeCalm = 0, 2, 7, 8, 11
)

// firstStream is the number of a connection's first request.
const firstStream = 1

// newH2Hand is over TLS, unless config is nil.
func newH2Hand(c net.Conn, config *tls.Config) *h2Hand {
	if config != nil {
		c = tls.Server(c, config)
	}
	return &h2Hand{Conn: c, in: bufio.NewReader(c)}
}

// until takes in the first request until the moment has come. It is false if the client went away before.
func (c *h2Hand) until(moment func(*h2Hand) bool) bool {
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(c.in, preface); err != nil {
		return false
	}
	c.frame(frameSettings, 0, 0)
	for !moment(c) {
		if !c.next() {
			return false
		}
	}
	return true
}

// next takes in one frame.
func (c *h2Hand) next() bool {
	var head [9]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return false
	}
	kind, flags, stream := head[3], head[4], binary.BigEndian.Uint32(head[5:])
	payload := make([]byte, binary.BigEndian.Uint32(head[:])>>8)
	if _, err := io.ReadFull(c.in, payload); err != nil {
		return false
	}
	switch {
	case kind == frameSettings && flags&flagAck == 0:
		c.frame(frameSettings, flagAck, 0)
	case kind == frameHeaders:
		c.begun = c.begun || flags&flagEndHeaders != 0
	case kind == frameData && stream == firstStream:
		c.body.Write(payload)
		c.whole = flags&flagEnd != 0
		c.credit(len(payload))
	}
	return true
}

// credit lets the client send n more bytes of the body.
func (c *h2Hand) credit(n int) {
	if n > 0 {
		c.frame(frameWindow, 0, 0, uint32(n))
		c.frame(frameWindow, 0, firstStream, uint32(n))
	}
}

// frame sends a frame whose payload is made of numbers. Whether it arrives is the client's business.
func (c *h2Hand) frame(kind, flags byte, stream uint32, numbers ...uint32) {
	var payload []byte
	for _, n := range numbers {
		payload = binary.BigEndian.AppendUint32(payload, n)
	}
	c.send(kind, flags, stream, payload)
}

func (c *h2Hand) send(kind, flags byte, stream uint32, payload []byte) {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	b = binary.BigEndian.AppendUint32(append(b, flags), stream)
	_, _ = c.Write(append(b, payload...))
}

// goAway says that no request after last was or will be looked at.
func (c *h2Hand) goAway(last, code uint32) { c.frame(frameGoAway, 0, 0, last, code) }

// reply begins an answer of 200 and JSON.
func (c *h2Hand) reply(part string) {
	const status200, contentType = 0x80 | 8, 31 // entries of the static table
	const media = "application/json"
	block := append([]byte{status200, 0x0f, contentType - 15, byte(len(media))}, media...)
	c.send(frameHeaders, flagEndHeaders, firstStream, block)
	c.send(frameData, 0, firstStream, []byte(part))
}

// commit stores what has come of the request to that path, as a server does whose answer is lost then.
func (c *h2Hand) commit(sink *faultsink.Sink, path string) {
	r := httptest.NewRequest(http.MethodPost, path, &c.body)
	r.Header.Set("Content-Type", "application/json")
	sink.ServeHTTP(httptest.NewRecorder(), r)
}

// end closes the connection in order, so that what was sent before arrives.
func (c *h2Hand) end() {
	_ = c.Conn.(interface{ CloseWrite() error }).CloseWrite()
	c.linger()
}

// linger reads until the client closes.
func (c *h2Hand) linger() {
	_, _ = io.Copy(io.Discard, c.in)
	_ = c.Close()
}

// cut ends the connection by a reset.
func (c *h2Hand) cut() {
	raw := c.Conn
	if wrapped, ok := raw.(*tls.Conn); ok {
		raw = wrapped.NetConn()
	}
	_ = raw.(*net.TCPConn).SetLinger(0)
	_ = raw.Close()
}
