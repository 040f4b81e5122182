package httptap_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// piece is what one Read gives.
type piece struct {
	data string
	err  error
}

// pieces is a body that gives exactly these; a piece that does not fit is given in parts, its error with the last.
type pieces struct {
	left   []piece
	closed int
}

func (b *pieces) Read(p []byte) (int, error) {
	if len(b.left) == 0 {
		return 0, io.EOF
	}
	first := &b.left[0]
	n := copy(p, first.data)
	if first.data = first.data[n:]; first.data != "" {
		return n, nil
	}
	err := first.err
	b.left = b.left[1:]
	return n, err
}

func (b *pieces) Close() error {
	b.closed++
	return errClosed
}

var errClosed = errors.New("closing failed")

// cut makes pieces of text as a network might.
func cut(r *rand.Rand, text string, last error) (made []piece) {
	for text != "" {
		n := min(len(text), r.IntN(40)) // 0 is a Read that gives nothing
		made = append(made, piece{data: text[:n]})
		text = text[n:]
	}
	if len(made) > 0 && r.IntN(2) == 0 {
		made[len(made)-1].err = last // together with the last bytes
		return made
	}
	return append(made, piece{err: last})
}

// readAll notes what each Read gave, of buffers of some sizes, up to the first error but io.EOF and a little further.
func readAll(r *rand.Rand, body io.ReadCloser) (seen []piece) {
	buf := make([]byte, 64)
	for range 500 {
		n, err := body.Read(buf[:1+r.IntN(len(buf)-1)])
		seen = append(seen, piece{string(buf[:n]), err})
		if err != nil && r.IntN(3) > 0 {
			break
		}
	}
	return append(seen, piece{err: body.Close()})
}

func randomReply(r *rand.Rand) (http.Response, string) {
	contents := []string{"text/event-stream", "application/json", "application/x-ndjson", "text/html", ""}
	texts := []string{streamed("Grüße", "日本", "😀"), replied, refusal, "<html>", "", "data: {\n\ndata: [DONE]\n\n: ping\r\n\r\nevent: x\r\n", "\x00\xff{"}
	statuses := []int{200, 200, 200, 201, 400, 404, 429, 500}
	res := jsonReply(statuses[r.IntN(len(statuses))], "")
	res.Header = http.Header{"Content-Type": {contents[r.IntN(len(contents))]}, "X-Request-Id": {"req_1"}, "Odd": {"a", "b"}}
	res.Trailer = http.Header{"Sum": nil}
	text := texts[r.IntN(len(texts))]
	res.ContentLength = []int64{-1, int64(len(text))}[r.IntN(2)]
	res.Uncompressed = r.IntN(2) == 0
	if r.IntN(4) == 0 {
		res.Header.Set("Content-Encoding", []string{"gzip", "deflate", "br", "identity"}[r.IntN(4)])
	}
	return *res, text
}

// What comes out of a tap is what went in: each Read in its size and with its error, and all of the reply around it.
func TestRepliesAreUntouched(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "bytes")
	for seed := range uint64(600) {
		checkUntouched(ctx, t, rec, seed)
	}
}

func checkUntouched(ctx context.Context, t *testing.T, rec *sentrialtest.Recorder, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	plain, text := randomReply(r)
	last := []error{io.EOF, io.EOF, io.ErrUnexpectedEOF, errBroken}[r.IntN(4)]
	parts := cut(r, text, last)
	tapped := plain
	tapped.Header, tapped.Trailer = plain.Header.Clone(), http.Header{"Sum": nil}
	below := &pieces{left: copied(parts)}
	plain.Body, tapped.Body = &pieces{left: copied(parts)}, below
	res, err := httptap.Transport(rec.Client(), answering(func() (*http.Response, error) { return &tapped, nil })).RoundTrip(request(ctx, chatURL, fmt.Sprintf(`{"n":%d}`, seed)))
	if err != nil || res != &tapped {
		t.Fatalf("seed %d: the reply is another one, or the error %v", seed, err)
	}
	read := rand.Uint64()
	want, got := readAll(rand.New(rand.NewPCG(read, 0)), plain.Body), readAll(rand.New(rand.NewPCG(read, 0)), res.Body)
	if !slices.Equal(got, want) {
		t.Errorf("seed %d: want %+v, got %+v", seed, want, got)
	}
	if below.closed != 1 {
		t.Errorf("seed %d: the body was closed %d times", seed, below.closed)
	}
	plain.Body, tapped.Body = nil, nil
	if !reflect.DeepEqual(plain, tapped) {
		t.Errorf("seed %d: want %+v, got %+v", seed, plain, tapped)
	}
}

func copied(parts []piece) []piece { return append([]piece(nil), parts...) }

// bodyThatWrites can be copied without a buffer, as some bodies of tests and of the net can.
type bodyThatWrites struct{ *bytes.Reader }

func (bodyThatWrites) Close() error { return nil }

func TestABodyThatWritesItselfStillDoes(t *testing.T) {
	for text, status := range map[string]types.Status{replied: types.StatusSuccess, replied[:100]: types.StatusError} {
		r := newRig(t)
		rt := r.transport(answering(func() (*http.Response, error) {
			res := jsonReply(http.StatusOK, "")
			res.Body = bodyThatWrites{bytes.NewReader([]byte(text))}
			return res, nil
		}))
		res, err := rt.RoundTrip(request(r.ctx, chatURL, asked))
		if err != nil {
			t.Fatal(err)
		}
		to, ok := res.Body.(io.WriterTo)
		if !ok {
			t.Fatal("the body does not write itself any more")
		}
		var got bytes.Buffer
		if n, err := to.WriteTo(&got); err != nil || n != int64(len(text)) || got.String() != text {
			t.Errorf("got %d, %v, %q", n, err, got.String())
		}
		if e := r.theCall(t); e.Status != status {
			t.Errorf("want %s at the end, got %s", status, e.Status)
		}
	}
}

// connection is the body of a reply that switches protocols.
type connection struct{ io.ReadWriteCloser }

func TestAConnectionIsLeftAlone(t *testing.T) {
	r := newRig(t)
	line := &connection{}
	rt := r.transport(answering(func() (*http.Response, error) {
		res := jsonReply(http.StatusSwitchingProtocols, "")
		res.Body = line
		return res, nil
	}))
	res, err := rt.RoundTrip(request(r.ctx, chatURL, asked))
	if err != nil || res.Body != io.ReadCloser(line) {
		t.Errorf("want the connection, got %T, %v", res.Body, err)
	}
	r.theCall(t)
}

func TestBodiesThatAreNone(t *testing.T) {
	for _, body := range []io.ReadCloser{nil, http.NoBody} {
		r := newRig(t)
		rt := r.transport(answering(func() (*http.Response, error) {
			res := jsonReply(http.StatusNoContent, "")
			res.Body = body
			return res, nil
		}))
		res, err := rt.RoundTrip(request(r.ctx, chatURL, asked))
		if err != nil || res.Body != body {
			t.Errorf("want %v, got %v, %v", body, res.Body, err)
		}
		r.theCall(t)
	}
}
