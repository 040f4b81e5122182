package sentrial_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

// nameserver answers DNS queries over UDP, as a test says.
type nameserver struct {
	conn net.PacketConn

	mu      sync.Mutex
	answer  nameAnswer
	queries int // for an IPv4 address of the name
}

// nameAnswer is what the nameserver says about every name: an address, a code, or nothing.
type nameAnswer struct {
	address netip.Addr
	code    byte
	silent  bool
}

const (
	serverFailure, noSuchName = 2, 3 // codes of DNS

	typeA = 1
)

func newNameserver(t *testing.T, first nameAnswer) *nameserver {
	t.Helper()
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &nameserver{conn: conn, answer: first}
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.serve()
	}()
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	return n
}

// resolver asks this nameserver, whatever the system's settings are.
func (n *nameserver) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", n.conn.LocalAddr().String())
	}}
}

func (n *nameserver) say(a nameAnswer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.answer = a
}

func (n *nameserver) asked() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.queries
}

func (n *nameserver) serve() {
	packet := make([]byte, 1<<10)
	for {
		size, from, err := n.conn.ReadFrom(packet)
		if err != nil {
			return
		}
		if reply := n.reply(packet[:size]); reply != nil {
			_, _ = n.conn.WriteTo(reply, from)
		}
	}
}

// reply answers a query; nil is no answer. Names that the resolver makes of its search list do not exist.
func (n *nameserver) reply(query []byte) []byte {
	const header = 12
	name, length := nameIn(query[header:])
	question := query[header : header+length+4] // name, type, class
	n.mu.Lock()
	defer n.mu.Unlock()
	wantsA := binary.BigEndian.Uint16(question[length:]) == typeA
	if wantsA && name == someName {
		n.queries++
	}
	switch {
	case n.answer.silent:
		return nil
	case n.answer.code != 0:
		return dnsMessage(query, n.answer.code, question)
	case name != someName:
		return dnsMessage(query, noSuchName, question)
	case !wantsA:
		return dnsMessage(query, 0, question)
	}
	const pointer = 0xc000 | header // to the name in the question
	record := binary.BigEndian.AppendUint16(nil, pointer)
	record = append(record, 0, typeA, 0, 1 /* IN */, 0, 0, 0, 0 /* for no time */, 0, 4)
	return dnsMessage(query, 0, question, append(record, n.answer.address.AsSlice()...))
}

// dnsMessage is a reply to a query.
func dnsMessage(query []byte, code byte, question []byte, answers ...[]byte) []byte {
	m := append([]byte{query[0], query[1], 0x81, 0x80 | code, 0, 1, 0, byte(len(answers)), 0, 0, 0, 0}, question...)
	for _, a := range answers {
		m = append(m, a...)
	}
	return m
}

// nameIn reads a name, and tells how many bytes it has.
func nameIn(b []byte) (name string, length int) {
	var labels []string
	for b[length] != 0 {
		end := length + 1 + int(b[length])
		labels = append(labels, string(b[length+1:end]))
		length = end
	}
	return strings.Join(labels, "."), length + 1
}
