package sentrialtest_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// flaws are tests that do nothing wrong but what fails them at their end.
var flaws = map[string]struct {
	flaw    sentrialtest.Flaw
	test    func(t testing.TB, rec *recorder)
	message string
}{
	"a span that never ends": {sentrialtest.OpenSpans, func(t testing.TB, rec *recorder) {
		ctx, s := rec.Client().CreateSession(context.Background(), "s")
		defer s.Close(ctx, types.SessionResult{})
		ctx, _ = sentrial.StartStep(ctx, types.Step{Name: "plan"})
		_, _ = sentrial.StartTool(ctx, types.ToolCall{ToolName: "search"})
	}, `sentrialtest: spans were begun and never ended:
  step plan, begun by sentrial.StartStep at strict_test.go:LINE
  tool search, begun by sentrial.StartTool at strict_test.go:LINE`},

	"a helper that never returns": {sentrialtest.OpenSpans, func(t testing.TB, rec *recorder) {
		ctx, _ := rec.Client().CreateSession(context.Background(), "s")
		started := make(chan struct{})
		hang := make(chan struct{})
		go func() {
			_, _ = sentrial.WrapTool("slow", func(context.Context, int) (int, error) { close(started); <-hang; return 0, nil })(ctx, 1)
		}()
		<-started
		t.Cleanup(func() { close(hang) })
		t.Cleanup(rec.Close) // before the tool goes on
	}, `sentrialtest: spans were begun and never ended:
  tool slow, begun by sentrial.WrapTool at strict_test.go:LINE`},

	"an event that is refused": {sentrialtest.LostEvents, func(t testing.TB, rec *recorder) {
		rec.Client().Session("no id").TrackStep(context.Background(), types.Step{Name: "x"})
	}, `sentrialtest: events were lost:
  1 refused: invalid
  invalid: step  of session no id: sentrial: session id "no id": want 1 to 128 characters of [A-Za-z0-9_.:-]`},

	"an event after the end": {sentrialtest.LostEvents, func(t testing.TB, rec *recorder) {
		ctx, s := rec.Client().CreateSession(context.Background(), "s")
		_ = rec.Client().Close(ctx)
		s.TrackStep(ctx, types.Step{Name: "x"})
	}, `sentrialtest: events were lost:
  1 refused: closed`},

	"a helper without a session": {sentrialtest.Unsessioned, func(t testing.TB, rec *recorder) {
		ctx := context.Background()
		_, _ = sentrial.Tool(ctx, "search", 1, func(context.Context, int) (int, error) { return 0, nil })
		for range 3 {
			sentrial.Decide(ctx, types.Decision{Chosen: "x"})
		}
		sentrial.ReportError(ctx, errors.New("x"))
		search := sentrial.WrapTool("search", func(context.Context, int) (int, error) { return 0, nil })
		_, _ = search(ctx, 1)
		_, span := sentrial.StartLLM(ctx, types.LLMCall{})
		span.End(nil)
		_ = sentrial.Step(nil, "x", func(context.Context) error { return nil }) //nolint:staticcheck // a context that programs do pass
	}, `sentrialtest: helpers were called with no session in their context and recorded nothing (pass on the context of Run or CreateSession):
  sentrial.Tool at strict_test.go:LINE
  sentrial.Decide at strict_test.go:LINE, 3 times
  sentrial.ReportError at strict_test.go:LINE
  sentrial.WrapTool at strict_test.go:LINE
  sentrial.StartLLM at strict_test.go:LINE
  sentrial.Step at strict_test.go:LINE`},
}

var lineNumber = regexp.MustCompile(`\S*strict_test\.go:\d+`)

func TestFlawsFailATest(t *testing.T) {
	for name, c := range flaws {
		t.Run(name, func(t *testing.T) {
			f := judged("TestX", func(inner testing.TB) { c.test(inner, sentrialtest.New(inner)) })
			want := c.message + "\nA test that means it says rec.Allow(sentrialtest." + string(c.flaw) + ")."
			if got := lineNumber.ReplaceAllString(f.said(), "strict_test.go:LINE"); got != want {
				t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
			}
		})
		t.Run(name+" that is meant", func(t *testing.T) {
			f := judged("TestX", func(inner testing.TB) {
				rec := sentrialtest.New(inner)
				rec.Allow(c.flaw)
				c.test(inner, rec)
			})
			if got := f.said(); got != "" {
				t.Errorf("the test failed with\n%s", got)
			}
		})
	}
}

// TestFailedDelivery needs a server that is down, and a clock that does not have to be waited for.
func TestFailedDelivery(t *testing.T) {
	const closing = "sentrialtest: closing the client: sentrial: 1 events not delivered"
	for want, allowed := range map[string][]sentrialtest.Flaw{
		"":                  {sentrialtest.FailedDelivery, sentrialtest.LostEvents},
		closing:             {sentrialtest.LostEvents},
		"1 dropped: closed": {sentrialtest.FailedDelivery},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := judged("TestX", func(inner testing.TB) {
				rec := sentrialtest.New(inner)
				rec.Allow(allowed...)
				rec.FailNext(1000, http.StatusServiceUnavailable)
				rec.Client().Session("s").TrackStep(t.Context(), types.Step{Name: "x"})
				rec.WantNoPath("x")
			})
			if got := f.said(); (got == "") != (want == "") || !strings.Contains(got, want) {
				t.Errorf("allowing %v the test failed with\n%s\nwant %q", allowed, got, want)
			}
		})
	}
}

// TestDeliveryThatFailsForAWhile is no flaw: the events arrive.
func TestDeliveryThatFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		rec.FailNext(2, http.StatusInternalServerError)
		rec.FailNext(1, http.StatusTooManyRequests)
		begin := time.Now()
		if err := research(t.Context(), rec.Client()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took != 63*time.Second {
			t.Errorf("the agent took %v, want as long as ever", took)
		}
		rec.WantTools("search", "search", "read")
		if s := rec.Client().Stats(); s.Retries != 3 {
			t.Errorf("%d retries, want 3", s.Retries)
		}
	})
}

// TestSamplingIsNoLoss: sessions that were not chosen are not.
func TestSamplingIsNoLoss(t *testing.T) {
	rec := sentrialtest.New(t, sentrial.WithSampleRate(0))
	_ = rec.Client().Run(t.Context(), "s", func(context.Context) error { return nil })
	if n := len(rec.Events()); n != 0 {
		t.Errorf("%d events recorded", n)
	}
}

// TestOpenSessionIsNoFlaw, for another process may close it.
func TestOpenSessionIsNoFlaw(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Client().CreateSession(t.Context(), "s")
	rec.WantStatus(types.StatusActive)
}

// TestBadOptionsEndATest at once.
func TestBadOptionsEndATest(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		sentrialtest.New(inner, sentrial.WithQueueBytes(-1))
		t.Error("New returned")
	})
	if got := f.said(); !strings.HasPrefix(got, "sentrialtest: ") || !strings.Contains(got, "WithQueueBytes") {
		t.Errorf("the test failed with %q", got)
	}
}
