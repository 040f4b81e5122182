package httptap_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/types"
)

func packed(t *testing.T, encoding, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, _ = flate.NewWriter(&b, 9)
	case "gzip", "GZIP ":
		w = gzip.NewWriter(&b)
	default:
		return []byte(text)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func packedReply(encoding string, body []byte) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		res := reply(http.StatusOK, "text/event-stream", string(body))
		res.Header.Set("Content-Encoding", strings.TrimPrefix(encoding, "raw "))
		return res, nil
	}
}

// A program that asked for compression itself gets it, and what was said is recorded all the same.
func TestCompressedReplies(t *testing.T) {
	whole := streamed("Fine, ", "thanks.")
	for encoding, text := range map[string]string{"gzip": "Fine, thanks.", "GZIP ": "Fine, thanks.", "deflate": "Fine, thanks.", "raw deflate": "Fine, thanks.", "identity": "Fine, thanks.", "br": ""} {
		t.Run(encoding, func(t *testing.T) {
			r := newRig(t)
			body := packed(t, encoding, whole)
			got, err := ask(r.ctx, r.transport(answering(packedReply(encoding, body))), asked)
			if err != nil || got != string(body) {
				t.Errorf("the agent got %q, %v", got, err)
			}
			e := r.theCall(t)
			wantCall(t, e, types.StatusSuccess, text)
			if encoding == "br" && (e.Metadata["content_encoding"] != "br" || e.LLMCall.RequestModel+e.LLMCall.Model != "gpt-4o") {
				t.Errorf("want the facts, got %+v, %v", e.LLMCall, e.Metadata)
			}
		})
	}
}

func TestCompressedRepliesThatAreCutOrTooLong(t *testing.T) {
	whole := packed(t, "gzip", streamed("Fine, ", "thanks."))
	bomb := packed(t, "gzip", streamed(strings.Repeat("0", 17<<20)))
	long := streamed(strings.Repeat("0", 2<<20))
	for name, c := range map[string]struct {
		encoding string
		body     []byte
		status   types.Status
		cut      bool
	}{
		"cut":     {"gzip", whole[:len(whole)/2], types.StatusError, false},
		"garbage": {"gzip", []byte("oh no"), types.StatusError, false},
		"bomb":    {"gzip", bomb, types.StatusSuccess, true},
		"long":    {"deflate", storedOnly(t, long), types.StatusSuccess, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			got, err := ask(r.ctx, r.transport(answering(packedReply(c.encoding, c.body))), asked)
			if err != nil || got != string(c.body) {
				t.Errorf("the agent got %d bytes, %v", len(got), err)
			}
			if e := r.theCall(t); e.Status != c.status || (e.Metadata["reply_cut"] == true) != c.cut {
				t.Errorf("want %s, cut %v, got %s, %v, %q", c.status, c.cut, e.Status, e.Metadata, e.LLMCall.Error)
			}
		})
	}
}

// storedOnly is compressed without becoming smaller.
func storedOnly(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.Bytes()
}

func TestACompressedReplyThatIsClosedEarly(t *testing.T) {
	r := newRig(t)
	whole := packed(t, "gzip", streamed("Fine, ", "thanks."))
	for i, n := range []int{10, len(whole)} {
		res, err := r.transport(answering(packedReply("gzip", whole))).RoundTrip(request(r.ctx, chatURL, strings.Repeat(" ", i)+asked))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.ReadFull(res.Body, make([]byte, n))
		_ = res.Body.Close()
	}
	calls := callsOf(r.Recorder)
	if len(calls) != 2 || calls[0].Status != types.StatusCancelled || calls[1].Status != types.StatusSuccess {
		t.Errorf("want one cancelled and one whole, got\n%s", r.Timeline())
	}
}

func TestTheCaptureLimit(t *testing.T) {
	question := `{"messages":[{"role":"user","content":"` + strings.Repeat("why? ", 100) + `"},{"role":"user","content":"because"}],"temperature":0.5,"model":"gpt-4o"}`
	answer := streamed(strings.Repeat("because. ", 100), "So it is.")
	for _, limit := range []int{0, 100, 10_000} {
		r := newRig(t)
		got, err := ask(r.ctx, r.transport(answering(streams(answer)), httptap.WithCaptureLimit(limit)), question)
		if err != nil || got != answer {
			t.Fatalf("the agent got %q, %v", got, err)
		}
		e := r.theCall(t)
		wantUsage(t, e, 10, 4)
		if c := e.LLMCall; e.Status != types.StatusSuccess || c.RequestModel != "gpt-4o" || c.Parameters["temperature"] != 0.5 || c.FinishReason != "stop" {
			t.Errorf("limit %d: want all facts, got %s, %+v", limit, e.Status, c)
		}
		asked := 0
		for _, m := range e.LLMCall.Messages {
			for _, p := range m.Parts {
				asked += len(p.Content)
			}
		}
		whole := limit == 10_000
		if heard := len(said(e.LLMCall)); (heard == 909) != whole || heard > limit+20 || (asked == 507) != whole || asked > limit {
			t.Errorf("limit %d: recorded %d bytes of the question and %d of the answer", limit, asked, heard)
		}
		if cut := e.Metadata["request_cut"] == true; cut != (limit == 100) || (e.Metadata["reply_cut"] == true) == whole {
			t.Errorf("limit %d: got %v", limit, e.Metadata)
		}
	}
}
