package httptap_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/httptap"
)

// Whatever is flushed, cancelled and tried again at the same time: each request that was sent is an attempt of one event.
func TestEveryRequestIsAnAttemptOfOneEvent(t *testing.T) {
	const callers, each = 20, 10
	r := newRig(t)
	base := roundTripper(func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		if req.Header.Get("X-Stainless-Retry-Count") == "2" {
			return jsonReply(http.StatusOK, replied), nil
		}
		return tooMany("1")()
	})
	middleware := httptap.Middleware(r.Client())
	flushing, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-flushing:
				return
			default:
				_ = r.Client().Flush(r.ctx)
			}
		}
	}()
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range each {
				for attempt := range 3 {
					askAs(r.ctx, func(req *http.Request) (*http.Response, error) { return middleware(req, base) }, fmt.Sprint(attempt))
				}
			}
		})
	}
	wg.Wait()
	close(flushing)
	<-over
	sum := 0
	for _, e := range callsOf(r.Recorder) {
		sum += e.LLMCall.Attempts
	}
	if want := callers * each * 3; sum != want {
		t.Errorf("want %d attempts in all, got %d", want, sum)
	}
	wantNothingHeld(t)
}
