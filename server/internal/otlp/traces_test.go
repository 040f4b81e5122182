package otlp_test

import (
	"strings"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

func TestSpansInEveryForm(t *testing.T) {
	for name, f := range inForms(t, traces(aSpan(1), aSpan(2))) {
		spans, tally, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || len(spans) != 2 || tally.Taken != 2 || tally.Rejected != 0 || tally.Values != 41 {
			t.Fatalf("%s: %d spans, %+v, %v", name, len(spans), tally, err)
		}
		same(t, name, spans[0], wantSpan())
		same(t, name+", the other's id", spans[1].SpanID, genai.SpanID{2, 2, 3, 4, 5, 6, 7, 8})
	}
}

// TestWhatIsBesideSpansCostsNone: an attribute of a resource that nests too deep is left out, and a resource that cannot be read says nothing.
func TestWhatIsBesideSpansCostsNone(t *testing.T) {
	for depth, left := range map[int]int{65: 2, 500: 0} {
		nested := str("x")
		for range depth {
			nested = kvlist(kv("k", nested))
		}
		m := traces(aSpan(1))
		m.ResourceSpans[0].Resource.Attributes = append(m.ResourceSpans[0].Resource.Attributes, kv("deep", nested), kv("behind", str("x")))
		for name, f := range inForms(t, m) {
			spans, _, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
			if err != nil || len(spans) != 1 || len(spans[0].Resource) != left {
				t.Errorf("%s: %d spans, %v", name, len(spans), err)
			}
		}
	}
}

// TestWhereSpansAreFromMayFollow them, for JSON has no order and protobuf promises none.
func TestWhereSpansAreFromMayFollow(t *testing.T) {
	same(t, "JSON", read(t, `{"resourceSpans":[{"scopeSpans":[{"spans":[`+writtenSpan+`],"scope":{"version":"1","name":"gen_ai"}}],
		"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}}]}`, otlp.JSON)[0], wantSpan())
	m := traces(aSpan(1))
	resource := &tracepb.ResourceSpans{Resource: m.ResourceSpans[0].Resource}
	m.ResourceSpans[0].Resource = nil
	block := []byte(wire(t, m.ResourceSpans[0]) + wire(t, resource))
	same(t, "protobuf", read(t, string(protowire.AppendBytes([]byte{0x0a}, block)), otlp.Protobuf)[0], wantSpan())
}

// TestNothingIsSharedWithTheBody, which its reader may use again.
func TestNothingIsSharedWithTheBody(t *testing.T) {
	for name, f := range inForms(t, traces(aSpan(1))) {
		spans, _, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
		clear(f.Body)
		if err != nil || len(spans) != 1 {
			t.Fatal(name, err)
		}
		same(t, name, spans[0], wantSpan())
	}
}

// TestTextThatIsNoUTF8 costs its wrong bytes, for exporters cut texts to a length.
func TestTextThatIsNoUTF8(t *testing.T) {
	for want, text := range map[string]string{"ch?t m": "ch\xfft m", "?": "\xe2", "??!": "\xe2\x9c!"} {
		body := strings.Replace(wire(t, traces(&tracepb.Span{TraceId: aSpan(1).TraceId, SpanId: aSpan(1).SpanId, Name: strings.Repeat("a", len(text))})), "\x2a"+string(rune(len(text)))+strings.Repeat("a", len(text)), "\x2a"+string(rune(len(text)))+text, 1)
		if got := read(t, body, otlp.Protobuf)[0].Name; got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"ch\xfft m": "ch\uFFFDt m", `\ud83d`: "\uFFFD", `\uD83d!`: "\uFFFD!", `\ud83d\ude00`: "\U0001F600"} {
		body := written(strings.Replace(writtenSpan, "chat m", text, 1))
		got := read(t, body, otlp.JSON)[0]
		if got.Name != want || len(got.Attributes) != len(everyKindRead()) {
			t.Errorf("%q is %q, want %q", text, got.Name, want)
		}
	}
}

func TestTimesOutOfRangeSayNothing(t *testing.T) {
	s := aSpan(1)
	s.StartTimeUnixNano, s.EndTimeUnixNano = 1<<63, 0
	for name, f := range inForms(t, traces(s)) {
		if got := read(t, string(f.Body), f.Form); !got[0].Start.IsZero() || !got[0].End.IsZero() {
			t.Errorf("%s: %v to %v", name, got[0].Start, got[0].End)
		}
	}
}

// TestNumbersThatNobodyKnows: kinds and codes of a later version are none.
func TestNumbersThatNobodyKnows(t *testing.T) {
	s := aSpan(1)
	s.Kind, s.Status.Code, s.Flags = 17, 9, 0x201 // and a flag that says nothing without the one before it
	for name, f := range inForms(t, traces(s)) {
		if got := read(t, string(f.Body), f.Form)[0]; got.Kind != genai.SpanKindUnspecified || got.Status != genai.StatusUnset || got.RemoteParent {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestEmptyRequests(t *testing.T) {
	for _, body := range []string{"", "{}", " {} ", `{"resourceSpans":[]}`, `{"resourceSpans":null}`, `{"resourceSpans":[{}]}`} {
		if _, tally, err := otlp.Traces([]byte(body), otlp.JSON, otlp.StandardLimits()); err != nil || tally != (otlp.Tally{}) {
			t.Errorf("%q: %+v, %v", body, tally, err)
		}
	}
	if _, _, err := otlp.Traces(nil, otlp.Protobuf, otlp.StandardLimits()); err != nil {
		t.Error(err)
	}
}
