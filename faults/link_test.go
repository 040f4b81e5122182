package faults_test

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// link is a proxy in front of a server.
type link struct{ proxy *toxiproxy.Proxy }

// toxic is one thing that is wrong with a link, as toxiproxy names it. Several form a chain.
type toxic struct {
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	Stream     string     `json:"stream"`   // upstream (requests) or downstream (replies)
	Toxicity   float32    `json:"toxicity"` // share of the connections that have it; it is drawn when a connection is made
	Attributes attributes `json:"attributes"`
}

const (
	upstream   = "upstream"
	downstream = "downstream"
)

// attributes of a toxic: milliseconds, bytes, KB/s, and for a slicer's delay microseconds.
type attributes map[string]int64

// newLink puts a proxy with these toxics in front of addr, for as long as t runs.
func newLink(t *testing.T, addr string, toxics ...toxic) *link {
	t.Helper()
	l := &link{toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), t.Name(), "127.0.0.1:0", addr)}
	for _, x := range toxics {
		if _, err := l.proxy.Toxics.AddToxicJson(x.json(t)); err != nil {
			t.Fatalf("%+v: %v", x, err)
		}
	}
	if err := l.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.proxy.Stop)
	return l
}

func (l *link) addr() string { return l.proxy.Listen }

// change gives the toxic of x's type and stream x's toxicity and attributes. It puts another one in its place: toxiproxy's own way of changing one races with
// the connections that have it.
func (l *link) change(t *testing.T, x toxic) {
	t.Helper()
	if err := l.proxy.Toxics.RemoveToxic(t.Context(), x.name()); err != nil {
		t.Fatalf("%+v: %v", x, err)
	}
	if _, err := l.proxy.Toxics.AddToxicJson(x.json(t)); err != nil {
		t.Fatalf("%+v: %v", x, err)
	}
}

func (x toxic) name() string { return x.Type + " " + x.Stream }

func (x toxic) json(t *testing.T) io.Reader {
	t.Helper()
	x.Name = x.name()
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(text)
}
