package httptap_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// A reply belongs to the request that was given, though nothing is recorded.
func TestTheReplyBelongsToTheRequest(t *testing.T) {
	r := newRig(t)
	r.Allow(sentrialtest.Unsessioned)
	base := roundTripper(func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		res := jsonReply(http.StatusOK, replied)
		res.Request = req
		return res, nil
	})
	for name, rt := range map[string]http.RoundTripper{"one": r.transport(base), "two": r.transport(r.transport(base))} {
		for _, ctx := range []context.Context{r.ctx, t.Context()} {
			req := request(ctx, chatURL, asked)
			res, err := rt.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			drain(res.Body)
			if res.Request != req {
				t.Errorf("%s: the reply belongs to another request", name)
			}
		}
	}
}

// Instrumentations that wrap the default transport put themselves in its place.
func TestADefaultTransportThatIsWrappedTwice(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, replied) }))
	defer server.Close()
	before := http.DefaultTransport
	defer func() { http.DefaultTransport = before }()
	tapped, passes := httptap.Transport(r.Client(), nil), 0
	http.DefaultTransport = roundTripper(func(req *http.Request) (*http.Response, error) {
		if passes++; passes > 1 {
			return nil, errors.New("round and round")
		}
		return tapped.RoundTrip(req)
	})
	res, err := http.DefaultClient.Do(request(r.ctx, server.URL+"/v1/chat/completions", asked))
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	r.theCall(t)
}

// countedConn counts what is written at once.
type countedConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countedConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// A body that net/http knows to be in memory is sent along with its header, tapped or not.
func TestARequestIsSentInOnePiece(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, replied) }))
	defer server.Close()
	var writes atomic.Int64
	base := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		return countedConn{conn, &writes}, err
	}}
	defer base.CloseIdleConnections()
	for name, rt := range map[string]http.RoundTripper{"plain": base, "tapped": r.transport(base)} {
		writes.Store(0)
		if _, err := askAt(r.ctx, rt, server.URL+"/v1/chat/completions", asked); err != nil {
			t.Fatal(err)
		}
		if n := writes.Load(); n != 1 {
			t.Errorf("%s: want one write, got %d", name, n)
		}
	}
}

// A body that rewinds itself, and only once.
func TestASecondCopyThatFails(t *testing.T) {
	for _, long := range []int{0, httptap.DefaultCaptureLimit} {
		r := newRig(t)
		text := `{"model":"gpt-4o","messages":[{"role":"user","content":"` + strings.Repeat("x", long) + `"}]}`
		shared, copies := strings.NewReader(text), 0
		req := request(r.ctx, chatURL, "")
		req.Body, req.ContentLength = io.NopCloser(shared), int64(len(text))
		req.GetBody = func() (io.ReadCloser, error) {
			if copies++; copies > 1 {
				return nil, errBroken
			}
			_, err := shared.Seek(0, io.SeekStart)
			return io.NopCloser(shared), err
		}
		var got string
		res, err := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
			body, _ := io.ReadAll(req.Body)
			got = string(body)
			return jsonReply(200, replied), req.Body.Close()
		})).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		drain(res.Body)
		if got != text {
			t.Errorf("sent %d bytes of %d", len(got), len(text))
		}
		if e := r.theCall(t); len(e.LLMCall.Messages) != 1 {
			t.Errorf("want the question, got %+v", e.LLMCall)
		}
	}
}
