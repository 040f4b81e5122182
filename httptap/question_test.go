package httptap_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// streamedBody is a request body of unknown length that cannot be copied, and says what was done to it.
type streamedBody struct {
	io.Reader
	read, closed int
}

func (b *streamedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.read += n
	return n, err
}

func (b *streamedBody) Close() error {
	b.closed++
	return nil
}

func TestARequestThatIsStreamed(t *testing.T) {
	r := newRig(t)
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		got = string(body)
		if req.ContentLength != -1 {
			t.Errorf("the length became known: %d", req.ContentLength)
		}
		_, _ = io.WriteString(w, replied)
	}))
	defer server.Close()
	body := &streamedBody{Reader: strings.NewReader(asked)}
	req := request(r.ctx, server.URL+"/v1/chat/completions", "")
	req.Body, req.GetBody, req.ContentLength = body, nil, -1
	res, err := r.transport(server.Client().Transport).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	if got != asked || body.closed == 0 {
		t.Errorf("the server got %q, the body was closed %d times", got, body.closed)
	}
	e := r.theCall(t)
	wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
	if e.LLMCall.RequestModel != "gpt-4o" || len(e.LLMCall.Messages) != 1 {
		t.Errorf("want the question, got %+v", e.LLMCall)
	}
}

// Nothing is read ahead of the transport, and what it does not read stays unread.
func TestARequestIsNotReadAhead(t *testing.T) {
	r := newRig(t)
	body := &streamedBody{Reader: strings.NewReader(asked)}
	req := request(r.ctx, chatURL, "")
	req.Body, req.GetBody, req.ContentLength = body, nil, int64(len(asked))
	_, err := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
		if body.read != 0 {
			t.Errorf("%d bytes were read before the request was sent", body.read)
		}
		_, _ = io.ReadFull(req.Body, make([]byte, 18))
		_ = req.Body.Close()
		return nil, errBroken
	})).RoundTrip(req)
	if !errors.Is(err, errBroken) || body.read != 18 || body.closed != 1 {
		t.Errorf("got %v, %d bytes read, closed %d times", err, body.read, body.closed)
	}
	if e := r.theCall(t); e.LLMCall.Model != "gpt-4o" || e.Metadata["request_cut"] != true {
		t.Errorf("want what was read, got %+v, %v", e.LLMCall, e.Metadata)
	}
}

func TestTheCallersRequestIsNotModified(t *testing.T) {
	r := newRig(t)
	for _, getBody := range []bool{true, false} {
		req := request(r.ctx, chatURL, asked)
		if !getBody {
			req.GetBody = nil
		}
		before, header, body := *req, req.Header.Clone(), req.Body
		var sent *http.Request
		rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
			sent = req
			drain(req.Body)
			res := jsonReply(200, replied)
			res.Request = req
			return res, nil
		}))
		res, err := rt.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		drain(res.Body)
		if res.Request != req {
			t.Error("the reply belongs to another request")
		}
		if !reflect.DeepEqual(header, req.Header) || req.Body != body || req.Context() != before.Context() || req.URL != before.URL || sent == req {
			t.Error("the caller's request was modified")
		}
		if sent.Method != before.Method || sent.URL != before.URL || sent.ContentLength != before.ContentLength || !reflect.DeepEqual(sent.Header, header) {
			t.Errorf("another request was sent: %+v", sent)
		}
	}
}

func TestACopyOfTheBodyThatFails(t *testing.T) {
	r := newRig(t)
	for _, getBody := range []func() (io.ReadCloser, error){
		func() (io.ReadCloser, error) { return nil, errBroken },
		func() (io.ReadCloser, error) { panic("no copies") },
	} {
		r.Allow("LostEvents")
		req := request(r.ctx, chatURL, asked)
		req.GetBody = getBody
		var got string
		res, err := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
			body, _ := io.ReadAll(req.Body)
			got = string(body)
			return jsonReply(200, replied), nil
		})).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		drain(res.Body)
		if got != asked {
			t.Errorf("sent %q", got)
		}
	}
	for _, e := range callsOf(r.Recorder) {
		if len(e.LLMCall.Messages) != 1 {
			t.Errorf("want what was sent, got %+v", e.LLMCall)
		}
	}
}

func TestARequestWithoutABody(t *testing.T) {
	r := newRig(t)
	req := request(r.ctx, chatURL, "")
	req.Body, req.GetBody = nil, nil
	res, err := r.transport(answering(always(400, refusal))).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	r.theCall(t)
}

// Some client libraries make copies of a body by rewinding it.
func TestACopyThatIsTheBodyItself(t *testing.T) {
	r := newRig(t)
	shared := strings.NewReader(asked)
	req := request(r.ctx, chatURL, "")
	req.Body, req.ContentLength = io.NopCloser(shared), int64(len(asked))
	req.GetBody = func() (io.ReadCloser, error) {
		_, err := shared.Seek(0, io.SeekStart)
		return io.NopCloser(shared), err
	}
	var got string
	res, err := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(req.Body)
		got = string(body)
		return jsonReply(200, replied), nil
	})).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	if got != asked {
		t.Errorf("sent %q", got)
	}
	if e := r.theCall(t); len(e.LLMCall.Messages) != 1 {
		t.Errorf("want the question, got %+v", e.LLMCall)
	}
}

func TestAllBodiesOfARequestAreClosed(t *testing.T) {
	r := newRig(t)
	var bodies []*streamedBody
	fresh := func() (io.ReadCloser, error) {
		bodies = append(bodies, &streamedBody{Reader: strings.NewReader(asked)})
		return bodies[len(bodies)-1], nil
	}
	req := request(r.ctx, chatURL, "")
	req.Body, _ = fresh()
	req.GetBody, req.ContentLength = fresh, int64(len(asked))
	res, err := r.transport(answering(always(200, replied))).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	for i, b := range bodies {
		if b.closed == 0 {
			t.Errorf("body %d of %d was not closed", i, len(bodies))
		}
	}
}
