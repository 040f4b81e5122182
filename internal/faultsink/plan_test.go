package faultsink_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// statuses are of n requests in a row, 0 for one without a reply.
func statuses(t *testing.T, l link, n int) (got []int) {
	for i := range n {
		a := l.post(t.Context(), batch(event{ID: fmt.Sprint("e", i), Seq: i + 1}))
		if a.Response == nil {
			got = append(got, 0)
		} else {
			got = append(got, a.StatusCode)
		}
	}
	return got
}

func wantStatuses(t *testing.T, what string, got, want []int) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got statuses %v, want %v", what, got, want)
	}
}

func TestRulesInOrder(t *testing.T) {
	seen := 0
	for _, c := range []struct {
		name string
		plan []faultsink.Rule
		want []int
	}{
		{"no plan", nil, []int{200, 200}},
		{"a sequence and the rest", []faultsink.Rule{faultsink.Sequence(faultsink.Status(500), faultsink.Reset), faultsink.Always(faultsink.Status(404))}, []int{500, 0, 404, 404}},
		{"two sequences", []faultsink.Rule{faultsink.Times(2, faultsink.Status(502)), faultsink.Sequence(faultsink.Status(504))}, []int{502, 502, 504, 200}},
		{"not", []faultsink.Rule{faultsink.When(faultsink.Not(faultsink.Holding(`"e1"`)), faultsink.Status(500))}, []int{500, 200, 500}},
		{"all", []faultsink.Rule{faultsink.When(faultsink.All(faultsink.Holding(`"e1"`), func(*faultsink.Exchange) bool { seen++; return true }), faultsink.Status(500))}, []int{200, 500, 200}},
		{"a condition of a test's own", []faultsink.Rule{faultsink.When(func(x *faultsink.Exchange) bool { return x.N()%2 == 0 && x.Request().Method == "POST" }, faultsink.Portal)}, []int{200, 200}},
		{"above a limit", []faultsink.Rule{faultsink.Limit(faultsink.Limits{DecodedBytes: 10})}, []int{413}},
	} {
		wantStatuses(t, c.name, statuses(t, inMemory(t, faultsink.New(c.plan...)), len(c.want)), c.want)
	}
	if seen != 1 {
		t.Errorf("the second condition was asked %d times, want once, when the first was met", seen)
	}
}

func TestChanceIsRepeatable(t *testing.T) {
	run := func(seed uint64) []int {
		return statuses(t, inMemory(t, faultsink.New(faultsink.When(faultsink.Chance(0.2, seed), faultsink.Status(503)))), 200)
	}
	first := run(1)
	wantStatuses(t, "the same seed", run(1), first)
	if slices.Equal(first, run(2)) {
		t.Error("another seed chose the same requests")
	}
	if n := strings.Count(fmt.Sprint(first), "503"); n < 20 || n > 60 {
		t.Errorf("%d of 200 requests were chosen, want about 40", n)
	}
}

func TestWindows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(
			faultsink.When(faultsink.WithinUptime(0, time.Minute), faultsink.Status(404)),
			faultsink.When(faultsink.Within(0, 30*time.Second), faultsink.Status(503)),
		)
		l := inMemory(t, sink)
		var got []int
		time.Sleep(59 * time.Second) // the first request comes at 59 s
		for _, pause := range []time.Duration{time.Second, 29*time.Second - 1, 1, 0} {
			got = append(got, statuses(t, l, 1)...)
			time.Sleep(pause)
		}
		wantStatuses(t, "at 59 s, 60 s, 89 s less a moment, 89 s", got, []int{404, 503, 503, 200})
	})
}

func TestLimits(t *testing.T) {
	plain := batch(event{ID: "a", Seq: 1, More: map[string]any{"text": strings.Repeat("x", 5000)}})
	packed := gzipped(plain)
	for _, c := range []struct {
		limits             faultsink.Limits
		two, plain, packed int
		reply              string
	}{
		{limits: faultsink.Limits{Events: 1}, two: 413, plain: 200, packed: 200, reply: `"limits":{"max_events":1}`},
		{limits: faultsink.Limits{WireBytes: 1000}, two: 200, plain: 413, packed: 200, reply: `"limits":{"max_wire_bytes":1000}`},
		{limits: faultsink.Limits{DecodedBytes: 1000}, two: 200, plain: 413, packed: 413, reply: `"limits":{"max_decoded_bytes":1000}`},
		{limits: faultsink.Limits{Events: 2, WireBytes: int64(len(plain)), DecodedBytes: int64(len(plain))}, two: 200, plain: 200, packed: 200},
	} {
		sink := faultsink.New(faultsink.Limit(c.limits))
		l := inMemory(t, sink)
		a, b, z := l.post(t.Context(), two), l.post(t.Context(), plain), l.post(t.Context(), packed, "Content-Encoding", "gzip")
		wantStatuses(t, fmt.Sprintf("%+v: two events, a long one, that compressed", c.limits), []int{a.StatusCode, b.StatusCode, z.StatusCode}, []int{c.two, c.plain, c.packed})
		if told := a.text + b.text + z.text; !strings.Contains(told, c.reply) {
			t.Errorf("%+v: %s is not in the replies:\n%s", c.limits, c.reply, told)
		}
	}
}

func TestTokenExpires(t *testing.T) {
	token := faultsink.NewToken("first")
	l := inMemory(t, faultsink.New(faultsink.Authorize(token)))
	ask := func(bearer string) int { return l.post(t.Context(), two, "Authorization", bearer).StatusCode }
	before := []int{ask("Bearer first"), ask("Bearer second"), ask("first"), ask("")}
	token.Set("second")
	wantStatuses(t, "the first token", before, []int{200, 401, 401, 401})
	wantStatuses(t, "the second token", []int{ask("Bearer first"), ask("Bearer " + token.Get())}, []int{401, 200})
}

// Many at once: every request gets one step, each of a sequence goes to one of them, and nothing is lost.
func TestConcurrentRequests(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		sink := faultsink.New(faultsink.Times(10, faultsink.Status(503)), faultsink.When(faultsink.Chance(0.5, 1), faultsink.Status(500)))
		l := to(sink)
		var wg sync.WaitGroup
		var ids []string
		for i := range 50 {
			ids = append(ids, fmt.Sprint("e", i))
			body := batch(event{ID: ids[i], Seq: i + 1})
			wg.Go(func() {
				for l.post(t.Context(), body).StatusCode != 200 {
					sink.Report()
				}
			})
		}
		wg.Wait()
		report := sink.Report()
		if err := report.Check(ids); err != nil {
			t.Error(err)
		}
		refused := slices.DeleteFunc(report.Requests, func(r faultsink.Request) bool { return r.Status != 503 })
		if len(refused) != 10 || report.Resent != len(report.Requests)-50 {
			t.Errorf("%d requests got 503, want 10; %d events resent in %d requests", len(refused), report.Resent, len(report.Requests))
		}
	})
}
