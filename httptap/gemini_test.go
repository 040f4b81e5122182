package httptap_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/sentrial/sentrial-go/types"
)

// Some of Gemini's models, and gateways to them, give a reason to stop with each piece of a stream: what comes after it is recorded too.
func TestAReasonToStopIsNotTheEnd(t *testing.T) {
	r := newRig(t)
	body := `data: {"candidates":[{"content":{"parts":[{"text":"Hel"}]},"finishReason":"STOP"}],"modelVersion":"gemini-2.5-flash"}` + "\r\n\r\n" +
		`data: {"candidates":[{"content":{"parts":[{"text":"lo"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":3,"totalTokenCount":5}}` + "\r\n\r\n"
	rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		res := sseReply("")
		res.Body = io.NopCloser(iotest.OneByteReader(strings.NewReader(body)))
		return res, nil
	}))
	if _, err := askAt(r.ctx, rt, "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", `{"contents":[{"parts":[{"text":"Hi"}]}]}`); err != nil {
		t.Fatal(err)
	}
	e := r.theCall(t)
	wantCall(t, e, types.StatusSuccess, "Hello")
	wantUsage(t, e, 2, 3)
}
