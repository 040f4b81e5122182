package sentrial_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// Values that have no JSON form cost themselves and nothing else.

type marshals func() ([]byte, error)

func (m marshals) MarshalJSON() ([]byte, error) { return m() }

type looped struct{ Next *looped }

func TestHostileValues(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	cycle := map[string]any{}
	cycle["self"] = cycle
	pointer := &looped{}
	pointer.Next = pointer
	deep := any("bottom")
	for range 10_000 {
		deep = []any{deep}
	}
	for name, c := range map[string]struct {
		value any
		want  string // in the JSON of tool_input
	}{
		"NaN":               {math.NaN(), `{"$omitted":"NaN","type":"float64"}`},
		"+Inf":              {map[string]any{"x": math.Inf(1)}, `{"x":{"$omitted":"+Inf","type":"float64"}}`},
		"-Inf":              {[]float64{1, math.Inf(-1)}, `[1,{"$omitted":"-Inf","type":"float64"}]`},
		"-0":                {math.Copysign(0, -1), `-0`},
		"2^63":              {uint64(1) << 63, `9223372036854775808`},
		"min int64":         {int64(math.MinInt64), `-9223372036854775808`},
		"huge number":       {json.Number("1e400"), `1e400`},
		"no number":         {json.Number("1e"), `{"$omitted":"invalid JSON: `},
		"invalid UTF-8":     {"a\xffb", `"a\ufffdb"`},
		"invalid UTF-8 key": {map[string]any{"\xff": 1}, `{"\ufffd":1}`},
		"NUL":               {"a\x00b", `"a\u0000b"`},
		"line separators":   {"\u2028", `"\u2028"`},
		"cycle":             {cycle, `{"self":{"$omitted":"cycle","type":"map[string]interface {}"}}`},
		"pointer cycle":     {pointer, `{"$omitted":"cycle","type":"*sentrial_test.looped"}`},
		"deep":              {deep, `{"$omitted":"too deep"`},
		"channel":           {make(chan int), `{"$omitted":"unsupported type","type":"chan int"}`},
		"function":          {map[string]any{"f": func() {}}, `{"f":{"$omitted":"unsupported type","type":"func()"}}`},
		"complex":           {complex(1, 2), `{"$omitted":"unsupported type","type":"complex128"}`},
		"marshaler panics":  {marshals(func() ([]byte, error) { panic("boom") }), `{"$omitted":"panic: boom","type":"sentrial_test.marshals"}`},
		"marshaler fails":   {marshals(func() ([]byte, error) { return nil, errBoom }), `{"$omitted":"error: boom","type":"sentrial_test.marshals"}`},
		"marshaler lies":    {marshals(func() ([]byte, error) { return []byte(`{"a":`), nil }), `{"$omitted":"invalid JSON: `},
		"raw lies":          {json.RawMessage(`{]`), `{"$omitted":"invalid JSON: `},
		"nil pointer":       {(*looped)(nil), `null`},
		"error":             {errBoom, `"boom"`},
		"hostile error":     {hostileError{}, `{"$omitted":"panic: Error","type":"sentrial_test.hostileError"}`},
		"odd keys":          {map[any]any{1: "a", true: "b"}, `"1":"a"`},
	} {
		t.Run(name, func(t *testing.T) {
			id := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{
				ToolName: name, ToolInput: c.value, ToolOutput: "kept", Metadata: map[string]any{"bad": c.value, "good": "kept"},
			})
			if id == "" {
				t.Fatal("not accepted")
			}
			got := wire.event(t, client, id)
			if !strings.Contains(got["tool_input"], c.want) || !strings.Contains(got["metadata"], c.want) {
				t.Errorf("tool_input is %.300s\nmetadata is %.300s\nwant %s", got["tool_input"], got["metadata"], c.want)
			}
			if got["tool_output"] != `"kept"` || !strings.Contains(got["metadata"], `"good":"kept"`) {
				t.Errorf("what was around it is lost: %v", got)
			}
		})
	}
}

// TestNumbersThatAreNoNumbers in fields that hold a number: they are left out, and the metadata says so.
func TestNumbersThatAreNoNumbers(t *testing.T) {
	rec := sentrialtest.New(t)
	session := rec.Client().Session("s")
	session.TrackDecision(t.Context(), types.Decision{Chosen: "x", Confidence: sentrial.Ptr(math.NaN()), Metadata: map[string]any{"mine": 1}})
	session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", Cost: sentrial.Ptr(math.Inf(1)), Attempt: -1})
	session.Close(t.Context(), types.SessionResult{Metrics: map[string]float64{"good": 1, "bad": math.NaN()}})
	d, c := oneEvent(t, rec, types.EventDecision), oneEvent(t, rec, types.EventToolCall)
	if d.Decision.Confidence != nil || d.Decision.Chosen != "x" || !strings.Contains(asJSON(d.Metadata["omitted_confidence"]), "NaN") || d.Metadata["mine"] != 1.0 {
		t.Errorf("decision: %s", asJSON(d))
	}
	if c.ToolCall.Cost != nil || c.ToolCall.Attempt != 0 || c.Metadata["omitted_attempt"] != -1.0 || c.Metadata["omitted_cost"] == nil {
		t.Errorf("tool call: %s", asJSON(c))
	}
}

// TestMarshalerThatBlocks is waited for no longer than some milliseconds, and has no more to say afterwards.
func TestMarshalerThatBlocks(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	release, done := make(chan struct{}), make(chan struct{})
	id := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", ToolInput: marshals(func() ([]byte, error) {
		defer close(done)
		<-release
		return []byte(`"late"`), nil
	})})
	close(release)
	<-done
	if got := wire.event(t, client, id)["tool_input"]; got != `{"$omitted":"timed out","type":"sentrial_test.marshals"}` {
		t.Errorf("tool_input = %s", got)
	}
}

// TestMarshalerThatTracks would deadlock if a lock were held while the program's code runs.
func TestMarshalerThatTracks(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	session := client.Session("s")
	var inner string
	outer := session.TrackStep(t.Context(), types.Step{Name: "outer", Input: marshals(func() ([]byte, error) {
		inner = session.TrackStep(context.Background(), types.Step{Name: "inner"})
		return []byte(`1`), nil
	})})
	if got := wire.event(t, client, outer)["input"]; got != "1" {
		t.Errorf("input = %s", got)
	}
	wire.event(t, client, inner)
}

// TestHugeText arrives cut, with its length and hash, whatever field it is in.
func TestHugeText(t *testing.T) {
	for name, size := range map[string]int{"10 MB": 10 << 20, "100 MB": 100 << 20} {
		t.Run(name, func(t *testing.T) {
			wire := &wire{}
			client := newClient(t, wire)
			text := strings.Repeat("x", size)
			session := client.Session("s")
			ids := []string{session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", ToolInput: map[string]any{"text": text}, Reasoning: "kept"})}
			ids = append(ids, session.TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Response: text}))
			for i, member := range []string{"tool_input", "response"} {
				got := wire.event(t, client, ids[i])
				if !strings.Contains(got[member], "truncated") || !strings.Contains(got[member], "sha256") || len(got[member]) > 1<<20 {
					t.Errorf("%s arrived as %d bytes that begin %.100s", member, len(got[member]), got[member])
				}
			}
			if got := wire.event(t, client, ids[0])["reasoning"]; got != `"kept"` {
				t.Errorf("reasoning = %.100s", got)
			}
		})
	}
}

// TestTimesAndDurationsOutOfRange: the event arrives, and its reader can read it.
func TestTimesAndDurationsOutOfRange(t *testing.T) {
	rec := sentrialtest.New(t)
	session := rec.Client().Session("s")
	for name, step := range map[string]types.Step{
		"year 1":          {StartTime: time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)},
		"year -1":         {StartTime: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)},
		"year 10000":      {StartTime: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"longest":         {Duration: math.MaxInt64},
		"most negative":   {Duration: math.MinInt64},
		"a far time zone": {StartTime: time.Now().In(time.FixedZone("far", 100*3600))},
	} {
		step.Name = name
		if id := session.TrackStep(t.Context(), step); id == "" {
			t.Errorf("%s: not accepted", name)
		}
	}
	for _, e := range rec.Events() {
		if e.Step == nil || e.Timestamp.IsZero() || e.Duration < 0 {
			t.Errorf("arrived as %s", asJSON(e))
		}
	}
	if n := len(rec.Events()); n != 6 {
		t.Errorf("%d events arrived, want 6", n)
	}
}
