package sentrial_test

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// baggageMembers gives a baggage header's members, sorted.
func baggageMembers(header string) []string {
	all := strings.Split(header, ",")
	slices.Sort(all)
	return all
}

// TestWorkGoesOnInAnotherProcess: two clients stand for two processes.
func TestWorkGoesOnInAnotherProcess(t *testing.T) {
	for name, carrier := range map[string]sentrial.Carrier{"header": http.Header{}, "map": sentrial.MapCarrier{}} {
		t.Run(name, func(t *testing.T) {
			here, there := sentrialtest.New(t), sentrialtest.New(t)
			ctx, session := here.Client().CreateSession(withTrace(t.Context()), "s")
			spanCtx, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "delegate"})
			sentrial.Inject(spanCtx, carrier)

			work := there.Client().Extract(t.Context(), carrier)
			_ = sentrial.Step(work, "work", func(ctx context.Context) error {
				sentrial.Decide(ctx, types.Decision{Chosen: "x"})
				return nil
			})
			span.End(nil)
			step, decision := oneEvent(t, there, types.EventStep), oneEvent(t, there, types.EventDecision)
			if step.SessionID != session.ID() || step.ParentID != span.ID() || decision.ParentID != step.ID {
				t.Errorf("the step is in %q under %q, want in %q under %q", step.SessionID, step.ParentID, session.ID(), span.ID())
			}
			if step.Seq != 1 || decision.Seq != 2 {
				t.Errorf("seqs %d and %d, want 1 and 2: each process counts for itself", step.Seq, decision.Seq)
			}
			if step.TraceID != "01020300000000000000000000000000" || step.SpanID != "0405060000000000" {
				t.Errorf("trace %q, span %q; want the caller's", step.TraceID, step.SpanID)
			}
			if n := len(there.Events()); n != 2 {
				t.Errorf("%d events of the worker, want 2: it begins and ends no session", n)
			}
		})
	}
}

func TestInjectOutsideASpanNamesNoParent(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	carrier := sentrial.MapCarrier{"baggage": "sentrial.session_id=old, sentrial.parent_id=old"}
	sentrial.Inject(ctx, carrier)
	if want := (sentrial.MapCarrier{"baggage": "sentrial.session_id=" + session.ID()}); !reflect.DeepEqual(carrier, want) {
		t.Errorf("carrier = %v, want %v", carrier, want)
	}
}

func TestInjectKeepsOtherBaggage(t *testing.T) {
	rec := sentrialtest.New(t)
	bag, err := baggage.Parse("fromctx=1;p=q,both=ctx")
	if err != nil {
		t.Fatal(err)
	}
	ctx, _ := rec.Client().CreateSession(baggage.ContextWithBaggage(t.Context(), bag), "s", sentrial.WithSessionID("sess_1"))
	header := http.Header{}
	header.Add("Baggage", "both=header , sentry-trace=a%20b;prop")
	header.Add("Baggage", "spelled wrong, ,more=2")
	sentrial.Inject(ctx, header)
	want := []string{"both=header", "fromctx=1;p=q", "more=2", "sentrial.session_id=sess_1", "sentry-trace=a%20b;prop", "spelled wrong"}
	if got := baggageMembers(header.Get("Baggage")); !slices.Equal(got, want) || len(header.Values("Baggage")) != 1 {
		t.Errorf("baggage = %q, want %q", got, want)
	}
}

func TestExtractPassesBaggageOn(t *testing.T) {
	rec := sentrialtest.New(t)
	in := sentrial.MapCarrier{"baggage": "tenant=t1,spelled wrong,sentrial.session_id=sess_1", "traceparent": "00-01020300000000000000000000000000-0405060000000000-01", "tracestate": "a=b"}
	ctx := rec.Client().Extract(t.Context(), in)
	if got := baggage.FromContext(ctx).Member("tenant").Value(); got != "t1" {
		t.Errorf("tenant = %q in the context's baggage, want t1", got)
	}
	out := sentrial.MapCarrier{}
	sentrial.Inject(ctx, out)
	if got, want := baggageMembers(out["baggage"]), []string{"sentrial.session_id=sess_1", "tenant=t1"}; !slices.Equal(got, want) || out["traceparent"] != in["traceparent"] || out["tracestate"] != "a=b" {
		t.Errorf("passed on %v, want %q and the trace", out, want)
	}
}

func TestInjectWithoutASessionWritesTheTraceAlone(t *testing.T) {
	var disabled *sentrial.Client
	for name, ctx := range map[string]context.Context{
		"no session": withTrace(t.Context()), "a session that records nothing": disabled.Session("s").Context(withTrace(t.Context())),
	} {
		carrier := sentrial.MapCarrier{"baggage": "a=b"}
		sentrial.Inject(ctx, carrier)
		want := sentrial.MapCarrier{"baggage": "a=b", "traceparent": "00-01020300000000000000000000000000-0405060000000000-01"}
		if !reflect.DeepEqual(carrier, want) {
			t.Errorf("%s: carrier = %v, want %v", name, carrier, want)
		}
	}
	empty := sentrial.MapCarrier{}
	sentrial.Inject(t.Context(), empty)
	if len(empty) != 0 {
		t.Errorf("carrier = %v, want nothing", empty)
	}
}

func TestInjectStaysWithinTheLimit(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s", sentrial.WithSessionID("sess_1"))
	full := "a=" + strings.Repeat("x", 8190)
	carrier := sentrial.MapCarrier{"baggage": full}
	sentrial.Inject(ctx, carrier)
	if carrier["baggage"] != full {
		t.Errorf("a header of 8192 bytes became one of %d", len(carrier["baggage"]))
	}
}

func TestExtractIgnoresWhatNamesNoSession(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx := withTrace(t.Context())
	for _, header := range []string{
		"", ",", "a=b", "sentrial.session_id", "sentrial.session_id=", "sentrial.session_id=a b", "sentrial.session_id=%00", "sentrial.session_id=%zz",
		"sentrial.session_id=" + strings.Repeat("x", 129), "sentrial.session_id=ä", "SENTRIAL.SESSION_ID=a", "sentrial.session_id=good,sentrial.session_id=b a d",
	} {
		if got := rec.Client().Extract(ctx, sentrial.MapCarrier{"baggage": header}); got != ctx {
			t.Errorf("%q: the context became %v", header, got)
		}
	}
	var none *sentrial.Client
	for name, got := range map[string]context.Context{
		"no carrier": rec.Client().Extract(ctx, nil),
		"nil client": none.Extract(ctx, sentrial.MapCarrier{"baggage": "sentrial.session_id=s"}),
	} {
		if got != ctx {
			t.Errorf("%s: the context became %v", name, got)
		}
	}
}

func TestExtractIgnoresAnInvalidParent(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx := rec.Client().Extract(t.Context(), sentrial.MapCarrier{"baggage": "sentrial.parent_id=b a d , sentrial.session_id = sess%5F1 ;p=1"})
	sentrial.Decide(ctx, types.Decision{Chosen: "x"})
	if e := oneEvent(t, rec, types.EventDecision); e.SessionID != "sess_1" || e.ParentID != "" {
		t.Errorf("recorded in %q under %q, want in sess_1 under nothing", e.SessionID, e.ParentID)
	}
}

func TestExtractKeepsTheTraceThatIsThere(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx := rec.Client().Extract(withTrace(t.Context()), sentrial.MapCarrier{
		"baggage": "sentrial.session_id=s", "traceparent": "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01",
	})
	if got := trace.SpanContextFromContext(ctx).TraceID(); got != (trace.TraceID{1, 2, 3}) {
		t.Errorf("trace = %v, want the one of the context", got)
	}
}

// brokenCarrier is code of the program's that does not work.
type brokenCarrier struct{}

func (brokenCarrier) Get(string) string  { panic("Get") }
func (brokenCarrier) Set(string, string) { panic("Set") }

func TestBrokenCarriersStopNobody(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(withTrace(t.Context()), "s")
	for _, c := range []sentrial.Carrier{brokenCarrier{}, sentrial.MapCarrier(nil), http.Header(nil), (*pointerCarrier)(nil)} {
		if v := caught(func() { sentrial.Inject(ctx, c) }); v != nil {
			t.Errorf("Inject into %#v panicked: %v", c, v)
		}
		if v := caught(func() { ctx = rec.Client().Extract(ctx, c) }); v != nil || ctx == nil {
			t.Errorf("Extract from %#v panicked: %v, context %v", c, v, ctx)
		}
	}
}

type pointerCarrier struct{ m map[string]string }

func (p *pointerCarrier) Get(key string) string { return p.m[key] }
func (p *pointerCarrier) Set(key, value string) { p.m[key] = value }

// FuzzExtract: whatever a header says, the ids that come of it are by the rules, and what Inject writes is read back the same.
func FuzzExtract(f *testing.F) {
	for _, header := range []string{
		"sentrial.session_id=sess_1,sentrial.parent_id=evt_1", "a=b;c=d,sentrial.session_id=%41", "sentrial.session_id=;,=,;=", ",,,", "%", "sentrial.session_id=a=b",
		strings.Repeat("a=b,", 3000) + "sentrial.session_id=s", "sentrial.session_id=s\x00", "\xff=\xff,sentrial.session_id=s;\xff",
	} {
		f.Add(header, "00-01020300000000000000000000000000-0405060000000000-01")
	}
	rec := sentrialtest.New(f)
	f.Fuzz(func(t *testing.T, header, traceparent string) {
		ctx := rec.Client().Extract(t.Context(), sentrial.MapCarrier{"baggage": header, "traceparent": traceparent})
		session := sentrial.SessionFromContext(ctx)
		if session == nil {
			return
		}
		if !types.ValidID(session.ID()) {
			t.Fatalf("%q: session %q", header, session.ID())
		}
		out := sentrial.MapCarrier{"baggage": header}
		sentrial.Inject(ctx, out)
		again := sentrial.SessionFromContext(rec.Client().Extract(t.Context(), out))
		if again.ID() != session.ID() {
			t.Errorf("%q was passed on as %q: session %q, want %q", header, out["baggage"], again.ID(), session.ID())
		}
	})
}
