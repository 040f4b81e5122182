package otelbridge_test

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// troubled is a run with everything in it that depends on the spans around a span: a failure on three spans, a root outside GenAI, and an agent below it.
func troubled() work {
	failing := failingRun("no model")
	failing.from, failing.to = 10, 400
	return work{name: "GET /answer", to: 500, inside: []work{failing}}
}

func TestTheSameSpansAgainAddNothing(t *testing.T) {
	for name, run := range map[string]work{"weather": weather(), "troubled": troubled()} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			exporter := otelbridge.NewExporter(rec.Client())
			spans := spansOf(t, t.Context(), run)
			export(t, exporter, append(slices.Clone(spans), spans...)...) // twice in one batch
			first := delivered(rec)
			if accepted := rec.Client().Stats().Accepted; accepted != uint64(len(first)) {
				t.Errorf("%d events were recorded for %d, a span twice in a batch is one", accepted, len(first))
			}
			export(t, exporter, spans...)
			for _, s := range slices.Backward(spans) {
				export(t, exporter, s) // alone, and the outermost first
			}
			export(t, otelbridge.NewExporter(rec.Client()), spans...) // by another process
			if again := delivered(rec); !reflect.DeepEqual(again, first) {
				t.Errorf("events changed:\n%v\n%v", first, again)
			}
			if stats := rec.Client().Stats(); stats.Duplicates == 0 || stats.Delivered-stats.Duplicates != uint64(len(first)) {
				t.Errorf("stats = %+v, %d events", stats, len(first))
			}
		})
	}
}

func TestOrderInABatchDoesNotMatter(t *testing.T) {
	for name, run := range map[string]work{"weather": weather(), "troubled": troubled()} {
		t.Run(name, func(t *testing.T) {
			spans := spansOf(t, t.Context(), run)
			want := once(t, spans...)
			random := rand.New(rand.NewPCG(1, 2))
			for range 20 {
				random.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
				if got := once(t, spans...); !reflect.DeepEqual(got, want) {
					t.Fatalf("shuffled:\n got %v\nwant %v", got, want)
				}
			}
		})
	}
}

// Spans that come one by one, as they end, give the same events as in one batch.
func TestOneByOne(t *testing.T) {
	spans := spansOf(t, t.Context(), troubled())
	want := once(t, spans...)
	rec := sentrialtest.New(t)
	exporter := otelbridge.NewExporter(rec.Client())
	for _, s := range spans {
		export(t, exporter, s)
	}
	if got := delivered(rec); !reflect.DeepEqual(got, want) {
		t.Errorf("one by one:\n got %v\nwant %v", got, want)
	}
}

func TestSeqFollowsTime(t *testing.T) {
	atOnce := weather() // by a clock that does not move
	atOnce.to = 0
	for i := range atOnce.inside {
		atOnce.inside[i].from, atOnce.inside[i].to, atOnce.inside[i].inside = 0, 0, nil
	}
	for name, test := range map[string]struct {
		run  work
		want []types.EventType
	}{
		"run":     {weather(), []types.EventType{"session_start", "llm_call", "tool_call", "llm_call", "session_end"}},
		"at once": {atOnce, []types.EventType{"session_start", "", "", "session_end"}},
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			spans := spansOf(t, t.Context(), test.run)
			exporter := otelbridge.NewExporter(rec.Client())
			export(t, exporter, spans...)
			shutDown(t, exporter)
			events := rec.Events()
			slices.SortFunc(events, func(x, y types.Event) int { return cmp.Compare(x.Seq, y.Seq) })
			if len(events) != len(test.want) {
				t.Fatalf("%d events, want %d", len(events), len(test.want))
			}
			for i, want := range test.want {
				if e := events[i]; e.Seq != int64(i+1) || want != "" && e.Type != want {
					t.Errorf("event %d is a %q with seq %d, want %q", i+1, e.Type, e.Seq, want)
				}
			}
		})
	}
}

// The slice is the SDK's, which clears it as soon as ExportSpans returns.
func TestNothingOfTheSliceIsKept(t *testing.T) {
	rec := sentrialtest.New(t)
	spans := spansOf(t, t.Context(), weather())
	given := slices.Clone(spans)
	exporter := otelbridge.NewExporter(rec.Client())
	export(t, exporter, given...)
	clear(given)
	shutDown(t, exporter)
	if got := delivered(rec); !reflect.DeepEqual(got, once(t, spans...)) {
		t.Errorf("events = %v", got)
	}
}

func TestConcurrentSafe(t *testing.T) {
	rec := sentrialtest.New(t)
	exporter := otelbridge.NewExporter(rec.Client())
	var runs [][]sdktrace.ReadOnlySpan
	for range 8 {
		runs = append(runs, spansOf(t, t.Context(), troubled()))
	}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for _, s := range runs[i%len(runs)] {
				if err := exporter.ExportSpans(t.Context(), []sdktrace.ReadOnlySpan{s}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got, want := len(delivered(rec)), len(runs)*len(once(t, runs[0]...)); got != want {
		t.Errorf("%d events, want %d", got, want)
	}
}
