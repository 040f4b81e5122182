package httptap_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// FuzzReply holds a tapped reply against a plain one, whatever it says, however it comes and wherever its reader stops: the same bytes, sizes and errors, and one
// event, or none where the client was flushed before.
func FuzzReply(f *testing.F) {
	whole := streamed("Grüße", "😀")
	f.Add([]byte(whole), uint64(1), "text/event-stream", "", 200, -1, false)
	f.Add([]byte(replied), uint64(2), "application/json", "", 200, 40, false)
	f.Add([]byte(refusal), uint64(3), "application/json", "", 429, -1, true)
	f.Add([]byte(`{"message":{"content":"a"},"done":false}`+"\n"+`{"done":true,"eval_count":3}`), uint64(4), "application/x-ndjson", "", 200, -1, false)
	f.Add([]byte("event: message_start\r\ndata: {\"type\":\"message_start\"}\r\n\r\n"), uint64(5), "text/event-stream", "", 200, 20, true)
	f.Add([]byte("\x1f\x8b\x08\x00\x00"), uint64(6), "text/event-stream", "gzip", 200, -1, false)
	f.Add([]byte{0x78, 0x9c, 1}, uint64(7), "", "deflate", 200, 2, false)
	f.Fuzz(func(t *testing.T, text []byte, seed uint64, contentType, encoding string, status, stop int, broken bool) {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "fuzz")
		last := io.EOF
		if broken {
			last = errBroken
		}
		want, got := readTwice(ctx, rec, text, seed, contentType, encoding, status, stop, last)
		if !slices.Equal(got, want) {
			t.Errorf("want %+v, got %+v", want, got)
		}
		theCallOf(t, rec)
		s := rec.Client().Stats()
		if s.Accepted != s.Delivered || s.Refused["invalid"] != 0 {
			t.Errorf("the books do not balance: %+v", s)
		}
	})
}

// readTwice reads the reply with and without a tap, up to a number of bytes.
func readTwice(ctx context.Context, rec *sentrialtest.Recorder, text []byte, seed uint64, contentType, encoding string, status, stop int, last error) (want, got []piece) {
	made := func() (*http.Response, error) {
		res := reply(status, contentType, "")
		if encoding != "" {
			res.Header.Set("Content-Encoding", encoding)
		}
		res.Body = &pieces{left: cut(rand.New(rand.NewPCG(seed, 0)), string(text), last)}
		return res, nil
	}
	plain, _ := made()
	url := []string{chatURL, "https://api.anthropic.com/v1/messages", "http://localhost/api/chat", "https://x.googleapis.com/v1/models/m:streamGenerateContent"}[seed%4]
	tapped, _ := httptap.Transport(rec.Client(), answering(made)).RoundTrip(request(ctx, url, asked))
	return readUpTo(seed, plain.Body, stop), readUpTo(seed, tapped.Body, stop)
}

func readUpTo(seed uint64, body io.ReadCloser, stop int) (seen []piece) {
	r, buf := rand.New(rand.NewPCG(seed, 1)), make([]byte, 300)
	for n := 0; stop < 0 || n < stop; {
		more, err := body.Read(buf[:1+r.IntN(len(buf)-1)])
		seen = append(seen, piece{string(buf[:more]), err})
		if n += more; err != nil {
			break
		}
	}
	return append(seen, piece{err: body.Close()})
}
