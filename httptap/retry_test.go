package httptap_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// inBubble runs a test in a bubble, with its recorder.
func inBubble(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, newRig(t))
		if n := httptap.Held(); n != 0 && !t.Failed() {
			t.Cleanup(func() { wantNothingHeld(t) })
		}
	})
	wantNothingHeld(t)
}

func wantNothingHeld(t *testing.T) {
	t.Helper()
	if n := httptap.Held(); n != 0 {
		t.Errorf("%d clients have calls that wait for ever", n)
	}
}

func tooMany(after string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		res := jsonReply(http.StatusTooManyRequests, refusal)
		res.Header.Set("Retry-After", after)
		return res, nil
	}
}

func TestARetriedCallIsOneEvent(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rt := r.transport(answering(tooMany("20"), always(http.StatusOK, replied)))
		_, _ = ask(r.ctx, rt, asked)
		time.Sleep(20 * time.Second)
		_, _ = ask(r.ctx, rt, asked)
		e := r.theCall(t)
		wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
		wantUsage(t, e, 10, 4)
		wantAttempts(t, e, 2)
		if e.Duration != 20*time.Second || e.LLMCall.Error != "" || e.Metadata["http.status_code"] != 200.0 {
			t.Errorf("want 20s, no error and status 200, got %v, %q, %v", e.Duration, e.LLMCall.Error, e.Metadata)
		}
	})
}

func TestRetriesThatAllFailAreOneError(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rt := r.transport(answering(tooMany("1"), tooMany("1"), tooMany("1")))
		for i := range 3 {
			time.Sleep(time.Duration(i) * time.Second)
			_, _ = ask(r.ctx, rt, asked)
		}
		time.Sleep(time.Second + httptap.Grace)
		synctest.Wait()
		wantNothingHeld(t)
		e := r.theCall(t)
		wantAttempts(t, e, 3)
		if e.Status != types.StatusError || e.LLMCall.Error != "429 Too Many Requests: slow down (rate_limit_error, rate_limit_exceeded)" || e.Duration != 3*time.Second {
			t.Errorf("want an error that took 3s, got %s, %q, %v", e.Status, e.LLMCall.Error, e.Duration)
		}
	})
}

func TestAFailureThatWaitsIsFlushed(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rt := r.transport(answering(tooMany("60"), always(http.StatusOK, replied)))
		_, _ = ask(r.ctx, rt, asked)
		time.Sleep(2 * time.Second)
		if err := r.Client().Flush(r.ctx); err != nil {
			t.Fatal(err)
		}
		e := r.theCall(t)
		if e.Status != types.StatusError || e.Duration > time.Millisecond {
			t.Errorf("want an error, and the time to the reply, got %s, %v", e.Status, e.Duration)
		}
		_, _ = ask(r.ctx, rt, asked)
		if n := len(callsOf(r.Recorder)); n != 2 {
			t.Errorf("want another event after the flush, got %d", n)
		}
	})
}

func TestAFailureThatWaitsIsRecordedByClose(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		_, _ = ask(r.ctx, r.transport(answering(tooMany("60"))), asked)
		if err := r.Client().Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if e := r.theCall(t); e.Status != types.StatusError {
			t.Errorf("want an error, got %s", e.Status)
		}
	})
}

func TestNetworkErrorsAreTriedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		broken := func() (*http.Response, error) { return nil, errBroken }
		rt := r.transport(answering(broken, broken, always(http.StatusOK, replied)))
		for range 3 {
			_, _ = ask(r.ctx, rt, asked)
		}
		e := r.theCall(t)
		wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
		wantAttempts(t, e, 3)
	})
}

func TestFailuresThatAreFinal(t *testing.T) {
	shouldNot := func() (*http.Response, error) {
		res, err := tooMany("1")()
		res.Header.Set("X-Should-Retry", "false")
		return res, err
	}
	for name, first := range map[string]func() (*http.Response, error){"400": always(http.StatusBadRequest, refusal), "x-should-retry": shouldNot} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				rt := r.transport(answering(first, always(http.StatusOK, replied)))
				_, _ = ask(r.ctx, rt, asked)
				wantNothingHeld(t)
				_, _ = ask(r.ctx, rt, asked)
				if calls := callsOf(r.Recorder); len(calls) != 2 || calls[0].Status != types.StatusError || calls[1].Status != types.StatusSuccess {
					t.Errorf("want a failure and a success, got\n%s", r.Timeline())
				}
			})
		})
	}
}

// askAs sends a request that says of itself which attempt it is.
func askAs(ctx context.Context, do func(*http.Request) (*http.Response, error), attempt string) {
	req := request(ctx, chatURL, asked)
	req.Header.Set("X-Stainless-Retry-Count", attempt)
	if res, err := do(req); err == nil {
		_ = res.Body.Close() // as clients do before they try again
	}
}

func TestTheRetryCountTellsCallsApart(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rt := r.transport(answering(tooMany("1"), tooMany("1"), tooMany("1"), tooMany("1")))
		askAs(r.ctx, rt.RoundTrip, "0")
		askAs(r.ctx, rt.RoundTrip, "1")
		askAs(r.ctx, rt.RoundTrip, "0") // another call, equal to the first
		askAs(r.ctx, rt.RoundTrip, "1") // of the second
		calls := callsOf(r.Recorder)
		if len(calls) != 2 || calls[0].LLMCall.Attempts != 2 || calls[1].LLMCall.Attempts != 2 {
			t.Errorf("want two calls of two attempts, got\n%s", r.Timeline())
		}
	})
}

func TestEqualCallsInParallelKeepApart(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		const callers = 50
		var mu sync.Mutex
		sent := map[string]int{}
		base := roundTripper(func(req *http.Request) (*http.Response, error) {
			drain(req.Body)
			mu.Lock()
			defer mu.Unlock()
			if id := req.Header.Get("Caller"); sent[id] < 2 {
				sent[id]++
				return tooMany("1")()
			}
			return jsonReply(http.StatusOK, replied), nil
		})
		rt := r.transport(base)
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				for range 3 {
					req := request(r.ctx, chatURL, asked)
					req.Header.Set("Caller", fmt.Sprint(i))
					res, err := rt.RoundTrip(req)
					if err != nil {
						t.Error(err)
						return
					}
					drain(res.Body)
					time.Sleep(time.Second)
				}
			})
		}
		wg.Wait()
		calls := callsOf(r.Recorder)
		for _, e := range calls {
			wantAttempts(t, e, 3)
			wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
		}
		if len(calls) != callers {
			t.Errorf("want %d calls, got %d", callers, len(calls))
		}
	})
}

func TestOnlySoManyCallsWait(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
			drain(req.Body)
			return tooMany("1")()
		}))
		for i := range httptap.MaxHeld + 10 {
			_, _ = ask(r.ctx, rt, fmt.Sprintf(`{"model":"m","n":%d}`, i))
		}
		if accepted := r.Client().Stats().Accepted; accepted != 1+10 { // the session's beginning
			t.Errorf("want those beyond the limit recorded at once, got %d events", accepted)
		}
		calls := callsOf(r.Recorder) // which flushes
		if len(calls) != httptap.MaxHeld+10 {
			t.Errorf("want all calls recorded, got %d", len(calls))
		}
	})
}

// A client's middleware knows the program's context, or one that ends with it; that of a transport may be one that http.Client made for the attempt.
func TestTheContextsEndEndsACallThatWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithCancel(r.ctx)
		base, middleware := answering(tooMany("60")), httptap.Middleware(r.Client())
		askAs(ctx, func(req *http.Request) (*http.Response, error) { return middleware(req, base) }, "0")
		cancel()
		time.Sleep(httptap.Parting)
		synctest.Wait()
		wantNothingHeld(t)
		if e := r.theCall(t); e.Status != types.StatusError || e.Metadata["http.status_code"] != 429.0 {
			t.Errorf("want the failure that it was, got %s, %v", e.Status, e.Metadata)
		}
	})
	inBubble(t, func(t *testing.T, r *rig) {
		client := &http.Client{Transport: r.transport(answering(tooMany("60"), always(http.StatusOK, replied))), Timeout: time.Minute}
		for range 2 {
			res, err := client.Do(request(r.ctx, chatURL, asked))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.ReadAll(res.Body)
			_ = res.Body.Close() // which ends the context that the transport saw
			synctest.Wait()
		}
		wantAttempts(t, r.theCall(t), 2)
	})
}

// A client that makes a context for each attempt ends it by its deadline, or just before it sends the next one.
func TestAContextOfOneAttemptIsNotTheCalls(t *testing.T) {
	late := func() (*http.Response, error) {
		time.Sleep(2 * time.Minute)
		return nil, context.DeadlineExceeded
	}
	for name, first := range map[string]func() (*http.Response, error){"cancelled": tooMany("1"), "deadline": late} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				middleware := httptap.Middleware(r.Client())
				send := answering(first, always(http.StatusOK, replied))
				for _, count := range []string{"0", "1"} {
					ctx, cancel := context.WithTimeout(r.ctx, time.Minute)
					askAs(ctx, func(req *http.Request) (*http.Response, error) { return middleware(req, send) }, count)
					time.Sleep(3 * time.Second) // until it tries again
					cancel()
					synctest.Wait()
				}
				wantAttempts(t, r.theCall(t), 2)
			})
		})
	}
}

func TestACancelledRequestWaitsForNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithCancel(r.ctx)
		rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
			drain(req.Body)
			cancel()
			return nil, fmt.Errorf("sending: %w", req.Context().Err())
		}))
		if _, err := ask(ctx, rt, asked); !errors.Is(err, context.Canceled) {
			t.Errorf("want the error of the transport, got %v", err)
		}
		wantNothingHeld(t)
		e := r.theCall(t)
		if e.Status != types.StatusCancelled || e.Metadata["partial"] != nil {
			t.Errorf("want cancelled and nothing partial, got %s, %v", e.Status, e.Metadata)
		}
	})
}

func TestARedirectToAnotherModelIsTheSameCall(t *testing.T) {
	for name, to := range map[string]string{"model": "https://eu.api.openai.com/v1/chat/completions", "elsewhere": "https://api.openai.com/login"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				moved := func() (*http.Response, error) {
					res := jsonReply(http.StatusTemporaryRedirect, "")
					res.Header.Set("Location", to)
					return res, nil
				}
				client := &http.Client{Transport: r.transport(answering(moved, always(http.StatusOK, replied)))}
				req := request(r.ctx, chatURL, asked)
				req.Header.Set("X-Stainless-Retry-Count", "0")
				res, err := client.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				drain(res.Body)
				e := r.theCall(t)
				if success := name == "model"; (e.Status == types.StatusSuccess) != success || (e.LLMCall.Attempts == 2) != success {
					t.Errorf("got %s, %d attempts", e.Status, e.LLMCall.Attempts)
				}
			})
		})
	}
}

func TestACallOfAClosedClientWaitsForNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.Allow(sentrialtest.LostEvents)
		if err := r.Client().Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got, err := ask(r.ctx, r.transport(answering(tooMany("1"))), asked); err != nil || got != refusal {
			t.Errorf("the agent got %q, %v", got, err)
		}
		wantNothingHeld(t)
	})
}

// However many taps there are and however many calls wait and are tried again, the client has one follower while there is one, and none afterwards.
func TestTheClientIsFollowedWhileCallsWait(t *testing.T) {
	following, most := 0, 0
	follow := attach.Follow
	defer func() { attach.Follow = follow }()
	attach.Follow = func(client any, release func(context.Context)) func() {
		following++
		most = max(most, following)
		stop := follow(client, release)
		return func() {
			following--
			stop()
		}
	}
	r := newRig(t)
	for range 20 {
		for _, answer := range []func() (*http.Response, error){tooMany("1"), always(http.StatusOK, replied)} {
			for _, other := range []string{" ", "  "} {
				if _, err := ask(r.ctx, r.transport(answering(answer)), asked+other); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if most != 1 || following != 0 {
		t.Errorf("want one follower at most and none left, got %d and %d", most, following)
	}
	if n := len(callsOf(r.Recorder)); n != 40 {
		t.Errorf("want 40 calls of two attempts, got %d", n)
	}
}

// Long conversations have their beginnings in common. Those that are longer than what is read of them are told apart by their length.
func TestLongQuestionsThatBeginAlike(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rt := r.transport(answering(tooMany("1"), always(http.StatusOK, replied)))
		long := longQuestion() + strings.Repeat(" ", httptap.DefaultCaptureLimit)
		for _, question := range []string{long, long + " "} {
			_, _ = ask(r.ctx, rt, question)
		}
		if n := len(callsOf(r.Recorder)); n != 2 {
			t.Errorf("want two calls, got\n%s", r.Timeline())
		}
	})
}

// When there is no room for what waits, Flush and Close keep to their time all the same.
func TestClosingAClientThatHasNoRoom(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *rig) {
		down := roundTripper(func(req *http.Request) (*http.Response, error) {
			drain(req.Body)
			return jsonReply(http.StatusServiceUnavailable, ""), nil
		})
		client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: down}), sentrial.WithOverflow(sentrial.Block),
			sentrial.WithQueueBytes(1<<20), sentrial.WithLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, session := client.CreateSession(t.Context(), "full")
		_, _ = ask(ctx, httptap.Transport(client, answering(tooMany("60"))), asked)
		over, cancel := context.WithCancel(ctx)
		cancel()
		for _, size := range []int{10_000, 100, 1} {
			for lost := refused(client); refused(client) == lost; {
				session.TrackDecision(over, types.Decision{Chosen: strings.Repeat("x", size)})
			}
		}
		for _, end := range []func(context.Context) error{client.Flush, client.Close} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			start := time.Now()
			if err := end(ctx); err == nil || time.Since(start) > 2*time.Second {
				t.Errorf("want an error after a second, got %v after %v", err, time.Since(start))
			}
			cancel()
		}
	})
}

func refused(client *sentrial.Client) uint64 { return client.Stats().Refused[sentrial.DropOverflow] }
