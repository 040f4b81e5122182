package httpx_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// content is a body in memory that counts how it is taken. It claims to have some bytes more than it has.
type content struct {
	bytes.Reader
	claim, reads, writes int
}

func (c *content) Len() int { return c.Reader.Len() + c.claim }

func (c *content) Read(p []byte) (int, error) {
	c.reads++
	return c.Reader.Read(p)
}

func (c *content) WriteTo(w io.Writer) (int64, error) {
	n, err := c.Reader.WriteTo(w)
	if n > 0 {
		c.writes++
	}
	return n, err
}

func (c *content) Close() error { return nil }

// TestBodyInMemoryIsSentInOnePiece; one that is not as long as it says is read, as any other.
func TestBodyInMemoryIsSentInOnePiece(t *testing.T) {
	var got []byte
	client, url := serve(t, func(_ http.ResponseWriter, r *http.Request) { got, _ = io.ReadAll(r.Body) })
	for _, c := range []struct{ size, claim, writes, reads int }{
		{160, 0, 1, 1}, {1 << 20, 0, 1, 1}, {1 << 20, 1, 0, 1000}, {1 << 20, 0, 1, 1},
	} {
		want := bytes.Repeat([]byte("0123456789abcdef"), c.size/16)
		body := &content{Reader: *bytes.NewReader(want), claim: c.claim}
		req := request(t, url)
		req.Body, req.ContentLength, req.GetBody = body, int64(len(want)), nil
		if _, err := httpx.Do(client, req, 100); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes arrived of %d", len(got), len(want))
		}
		if body.writes != c.writes || body.reads > c.reads {
			t.Errorf("%d bytes: %d writes and %d reads, want %d and at most %d", c.size, body.writes, body.reads, c.writes, c.reads)
		}
	}
}
