package httptap_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/types"
)

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// longQuestion has as much content as is recorded of one.
func longQuestion() string {
	return `{"model":"gpt-4o","messages":[{"role":"user","content":"` + strings.Repeat("why? ", httptap.DefaultCaptureLimit/6) + `"}]}`
}

// A program may keep replies for long after they were read. Nothing of what was said stays with them.
func TestAReplyThatIsKeptHoldsNothing(t *testing.T) {
	const calls = 4
	question, answer := longQuestion(), streamed(strings.Repeat("because ", httptap.DefaultCaptureLimit/10))
	for name, getBody := range map[string]bool{"copied": true, "looked at": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sentrial.WithContent(sentrial.ContentMetadata))
			rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
				drain(req.Body)
				return sseReply(answer), nil
			}))
			var kept []*http.Response
			before := heap()
			for range calls {
				req := request(r.ctx, chatURL, question)
				if !getBody {
					req.GetBody = nil
				}
				res, err := rt.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				drain(res.Body)
				kept = append(kept, res)
			}
			if grown := heap() - before; grown > calls*httptap.DefaultCaptureLimit/4 {
				t.Errorf("%d replies hold %d KiB", len(kept), grown>>10)
			}
			runtime.KeepAlive(kept)
		})
	}
}

// While a stream goes on, the copy of its question is needed no more.
func TestTheCopyOfAQuestionIsNotKept(t *testing.T) {
	const streams = 6
	r := newRig(t)
	before := heap()
	rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		return sseReply(""), nil
	}), httptap.WithCaptureLimit(0))
	var bodies []io.Closer
	for range streams {
		res, err := rt.RoundTrip(request(r.ctx, chatURL, longQuestion()))
		if err != nil {
			t.Fatal(err)
		}
		res.Request = nil
		bodies = append(bodies, res.Body)
	}
	if grown := heap() - before; grown > streams*httptap.DefaultCaptureLimit*5/4 { // the requests themselves
		t.Errorf("%d streams hold %d KiB", len(bodies), grown>>10)
	}
	for _, b := range bodies {
		_ = b.Close()
	}
}

// Calls that wait to be tried again are bounded in what they hold, too.
func TestOnlySoMuchWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
			drain(req.Body)
			return tooMany("1")()
		}))
		for i := range httptap.MaxHeldBytes/httptap.DefaultCaptureLimit + 3 {
			req := request(r.ctx, chatURL, fmt.Sprintf(`{"model":"m","n":%d}`, i))
			req.ContentLength = httptap.DefaultCaptureLimit // as it says
			if res, err := rt.RoundTrip(req); err == nil {
				drain(res.Body)
			}
		}
		if accepted := r.Client().Stats().Accepted; accepted != 1+3 { // the session's beginning
			t.Errorf("want those beyond the limit recorded at once, got %d events", accepted)
		}
		_ = r.Client().Flush(r.ctx)
	})
}

// Of a session that is left out nothing is copied or read.
func TestASessionThatIsLeftOutCostsNoCopy(t *testing.T) {
	r := newRig(t, sentrial.WithSampleRate(0))
	for _, around := range []bool{false, true} {
		ctx := r.ctx
		if around {
			ctx, _ = sentrial.StartLLM(ctx, types.LLMCall{})
		}
		req := request(ctx, chatURL, asked)
		req.GetBody = func() (io.ReadCloser, error) {
			t.Error("the question was copied")
			return nil, errBroken
		}
		before := r.Client().Stats().Refused[sentrial.DropSampled]
		res, err := r.transport(r.transport(answering(always(http.StatusOK, replied)))).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		drain(res.Body)
		if n := r.Client().Stats().Refused[sentrial.DropSampled] - before; n != 1 {
			t.Errorf("want one call counted, got %d", n)
		}
	}
}
