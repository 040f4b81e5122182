package sentrial_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

type (
	celsius float64
	counter uint64
	reading struct {
		F  float64  `json:"f"`
		S  float64  `json:"s,string"`
		I  int64    `json:"i,string"`
		P  *float64 `json:"p"`
		C  celsius  `json:"c,omitzero"`
		N  json.Number
		In []any `json:"in"`
	}
)

func noNumber(text, goType string) string {
	return fmt.Sprintf(`{"$omitted":%q,"type":%q}`, text, goType)
}

var nan, inf = math.NaN(), math.Inf(1)

// numbers are values that hold numbers, and their JSON to the last digit.
var numbers = map[string]struct {
	value any
	want  string
}{
	"NaN":               {nan, noNumber("NaN", "float64")},
	"NaN with a sign":   {math.Copysign(nan, -1), noNumber("NaN", "float64")},
	"+Inf":              {inf, noNumber("+Inf", "float64")},
	"-Inf":              {-inf, noNumber("-Inf", "float64")},
	"float32 NaN":       {float32(nan), noNumber("NaN", "float32")},
	"float32 -Inf":      {float32(-inf), noNumber("-Inf", "float32")},
	"NaN of a type":     {celsius(nan), noNumber("NaN", "float64")},
	"pointer to NaN":    {sentrial.Ptr(nan), noNumber("NaN", "float64")},
	"NaN in a list":     {[]float64{1, nan, 2}, `[1,` + noNumber("NaN", "float64") + `,2]`},
	"Inf in a map":      {map[string]float64{"x": inf}, `{"x":` + noNumber("+Inf", "float64") + `}`},
	"Inf in an any":     {map[string]any{"x": []any{-inf}}, `{"x":[` + noNumber("-Inf", "float64") + `]}`},
	"NaN as a key":      {map[float64]int{nan: 1}, `{"NaN":1}`},
	"-0":                {math.Copysign(0, -1), `-0`},
	"float32 -0":        {float32(math.Copysign(0, -1)), `-0`},
	"0.1":               {0.1, `0.1`},
	"float32 0.1":       {float32(0.1), `0.1`},
	"float32 2^24+1":    {float32(1<<24 + 1), `16777216`},
	"largest float32":   {float32(math.MaxFloat32), `3.4028235e+38`},
	"largest float":     {math.MaxFloat64, `1.7976931348623157e+308`},
	"smallest float":    {math.SmallestNonzeroFloat64, `5e-324`},
	"2^53":              {float64(1 << 53), `9007199254740992`},
	"2^53 + 1":          {int64(1<<53 + 1), `9007199254740993`},
	"-2^53 - 1":         {int64(-1<<53 - 1), `-9007199254740993`},
	"largest int64":     {int64(math.MaxInt64), `9223372036854775807`},
	"least int64":       {int64(math.MinInt64), `-9223372036854775808`},
	"largest uint64":    {uint64(math.MaxUint64), `18446744073709551615`},
	"of a type":         {counter(math.MaxUint64), `18446744073709551615`},
	"uintptr":           {uintptr(7), `7`},
	"small ints":        {[]any{int8(-128), int16(-32768), int32(math.MinInt32), uint8(255), uint16(65535), uint32(math.MaxUint32)}, `[-128,-32768,-2147483648,255,65535,4294967295]`},
	"large ints":        {[]int64{math.MaxInt64, 1<<53 + 1}, `[9223372036854775807,9007199254740993]`},
	"ints as keys":      {map[int64]uint64{math.MinInt64: math.MaxUint64}, `{"-9223372036854775808":18446744073709551615}`},
	"big.Int":           {new(big.Int).Lsh(big.NewInt(1), 200), new(big.Int).Lsh(big.NewInt(1), 200).String()},
	"big.Int by value":  {map[string]any{"n": *big.NewInt(-7)}, `{"n":{}}`}, // as encoding/json has it: the method is the pointer's
	"nil big.Int":       {(*big.Int)(nil), `null`},
	"big.Float":         {big.NewFloat(1e300), `"1e+300"`},
	"big.Rat":           {big.NewRat(1, 3), `"1/3"`},
	"1e400":             {json.Number("1e400"), `1e400`},
	"-1E+400":           {json.Number("-1E+400"), `-1E+400`},
	"1e-400":            {json.Number("1e-400"), `1e-400`},
	"twenty digits":     {json.Number("12345678901234567890.125"), `12345678901234567890.125`},
	"a million digits":  {json.Number(strings.Repeat("9", 100_000)), strings.Repeat("9", 100_000)},
	"trailing zero":     {json.Number("1.0"), `1.0`},
	"no digits":         {json.Number(""), `0`},
	"NaN in words":      {json.Number("NaN"), noNumber(`invalid JSON: number literal "NaN"`, "json.Number")},
	"hexadecimal":       {json.Number("0x10"), noNumber(`invalid JSON: number literal "0x10"`, "json.Number")},
	"leading zero":      {json.Number("01"), noNumber(`invalid JSON: number literal "01"`, "json.Number")},
	"underscores":       {json.Number("1_000"), noNumber(`invalid JSON: number literal "1_000"`, "json.Number")},
	"two numbers":       {json.Number("1,2"), noNumber(`invalid JSON: number literal "1,2"`, "json.Number")},
	"complex":           {complex(1, -2), noNumber("unsupported type", "complex128")},
	"complex64 NaN":     {[]complex64{complex(float32(nan), 0)}, `[` + noNumber("unsupported type", "complex64") + `]`},
	"JSON of its own":   {json.RawMessage(`[1e400, 1.50,-0.0,9007199254740993,123456789012345678901234567890]`), `[1e400,1.50,-0.0,9007199254740993,123456789012345678901234567890]`},
	"duration":          {time.Duration(math.MaxInt64), `9223372036854775807`},
	"struct":            {reading{F: nan, S: inf, I: math.MinInt64, P: sentrial.Ptr(-inf), N: "1e400", In: []any{nan}}, `{"f":` + noNumber("NaN", "float64") + `,"s":` + noNumber("+Inf", "float64") + `,"i":"-9223372036854775808","p":` + noNumber("-Inf", "float64") + `,"N":1e400,"in":[` + noNumber("NaN", "float64") + `]}`},
	"pointer to struct": {&reading{F: 0.1, S: -0.5, C: 1e21, N: "5"}, `{"f":0.1,"s":"-0.5","i":"0","p":null,"c":1e+21,"N":5,"in":null}`},
}

// TestRow53NumbersEverywhere: at every place a number arrives with all its digits, or a marker says which it was.
func TestRow53NumbersEverywhere(t *testing.T) {
	w := &wire{}
	client := newClient(t, w)
	type one struct {
		name, key string
		place     place
		want      string
	}
	var all []one
	for name, n := range numbers {
		for _, p := range places {
			key := p.put(t.Context(), client, n.value)
			if key == "" {
				t.Errorf("%s as %s was not accepted", name, p.name)
			}
			all = append(all, one{name, key, p, n.want})
		}
	}
	events := arrived(t, client, w)
	for _, o := range all {
		if got := string(events.at(t, o.key, o.place.path)); got != o.want {
			t.Errorf("%s as %s: got %.200s, want %.200s", o.name, o.place.name, got, o.want)
		}
	}
	if s := client.Stats(); s.Accepted != s.Delivered || len(s.Refused) > 0 || len(s.Dropped) > 0 {
		t.Errorf("stats = %+v", s)
	}
}

// fact is a field of an event whose type is a kind of number.
type fact[T any] struct {
	member string // on the wire
	event  func(T) types.Event
}

// checkFact wants the field as it was given, or left out with a note in the metadata. Nothing else of the event may be lost.
func checkFact(t *testing.T, member string, given any, e types.Event, want string) {
	t.Helper()
	w := &wire{}
	client := newClient(t, w)
	e.ID, e.SessionID, e.Metadata = "evt_1", "s", map[string]any{"mine": "kept"}
	if client.Record(t.Context(), e) == "" {
		t.Errorf("%s = %v was not accepted", member, given)
		return
	}
	events := arrived(t, client, w)
	got := string(events.at(t, "evt_1", into(member)))
	note := string(events.at(t, "evt_1", into("metadata", "omitted_"+member)))
	if got != want || (want == "") != (note != "") || string(events.at(t, "evt_1", into("metadata", "mine"))) != `"kept"` {
		t.Errorf("%s = %v: got %q with the note %q, want %q", member, given, got, note, want)
	}
}

func TestRow53CountsAreKeptOrNoted(t *testing.T) {
	llm := func(set func(*types.LLMCall, int)) func(int64) types.Event {
		return func(n int64) types.Event {
			call := types.LLMCall{Model: "m"}
			set(&call, int(n))
			return types.Event{LLMCall: &call}
		}
	}
	for _, f := range []fact[int64]{
		{"attempt", func(n int64) types.Event {
			return types.Event{ToolCall: &types.ToolCall{ToolName: "t", Attempt: int(n)}}
		}},
		{"attempts", llm(func(c *types.LLMCall, n int) { c.Attempts = n })},
		{"prompt_tokens", llm(func(c *types.LLMCall, n int) { c.Usage.PromptTokens = n })},
		{"completion_tokens", llm(func(c *types.LLMCall, n int) { c.Usage.CompletionTokens = n })},
		{"tokens_used", llm(func(c *types.LLMCall, n int) { c.Usage.TotalTokens = n })},
		{"cached_tokens", llm(func(c *types.LLMCall, n int) { c.Usage.CachedTokens = n })},
		{"cache_write_tokens", llm(func(c *types.LLMCall, n int) { c.Usage.CacheWriteTokens = n })},
		{"reasoning_tokens", llm(func(c *types.LLMCall, n int) { c.Usage.ReasoningTokens = n })},
		{"seq", func(n int64) types.Event { return types.Event{Seq: n, Step: &types.Step{Name: "n"}} }},
	} {
		for n, kept := range map[int64]bool{
			math.MinInt64: false, -1: false, 1: true, 1<<31 - 1: true, maxServerCount: true, maxServerCount + 1: false, math.MaxInt64: false,
		} {
			if int64(int(n)) != n {
				continue // an int of this machine has 32 bits
			}
			want := ""
			if kept {
				want = fmt.Sprint(n)
			}
			checkFact(t, f.member, n, f.event(n), want)
		}
	}
}

// TestRow53SeqDoesNotRunAway: an imported event's seq must not cost the events that are counted after it.
func TestRow53SeqDoesNotRunAway(t *testing.T) {
	for _, given := range []int64{maxServerCount - 1, maxServerCount, maxServerCount + 1, 1 << 50, math.MaxInt64} {
		w := &wire{}
		client := newClient(t, w)
		client.Record(t.Context(), types.Event{SessionID: "s", Seq: given, Step: &types.Step{Name: "imported"}})
		keys := []string{record(t, client, 1)[0], record(t, client, 1)[0], record(t, client, 1)[0]}
		events := arrived(t, client, w)
		for _, key := range keys {
			var seq int64
			if err := json.Unmarshal(events.at(t, key, into("seq")), &seq); err != nil || seq < 1 || seq > maxServerCount {
				t.Errorf("after a seq of %d: seq %d (%v)", given, seq, err)
			}
		}
	}
}

func TestRow53AmountsAreKeptOrNoted(t *testing.T) {
	amounts := map[float64]string{
		0: "0", 0.1: "0.1", 1e-9: "1e-9", 1e6: "1000000", math.SmallestNonzeroFloat64: "5e-324", math.Copysign(math.SmallestNonzeroFloat64, -1): "-5e-324",
		-1: "-1", 1e6 + 1: "1000001", math.MaxFloat64: "1.7976931348623157e+308", nan: "", inf: "", -inf: "",
	}
	for _, f := range []fact[*float64]{
		{"cost", func(v *float64) types.Event { return types.Event{ToolCall: &types.ToolCall{ToolName: "t", Cost: v}} }},
		{"cost", func(v *float64) types.Event { return types.Event{LLMCall: &types.LLMCall{Model: "m", Cost: v}} }},
		{"confidence", func(v *float64) types.Event { return types.Event{Decision: &types.Decision{Confidence: v}} }},
		{"score", func(v *float64) types.Event { return types.Event{Feedback: &types.Feedback{Score: v}} }},
	} {
		for v, want := range amounts {
			if f.member == "cost" && (v < 0 || v > maxServerCost) {
				want = ""
			}
			checkFact(t, f.member, v, f.event(&v), want)
		}
		minusZero := math.Copysign(0, -1)
		checkFact(t, f.member, minusZero, f.event(&minusZero), "-0")
	}
}

func TestRow53DurationsAreKeptOrNoted(t *testing.T) {
	for _, f := range []fact[time.Duration]{
		{"duration_ms", func(d time.Duration) types.Event { return types.Event{Duration: d, Step: &types.Step{Name: "n"}} }},
		{"duration_ms", func(d time.Duration) types.Event {
			return types.Event{ToolCall: &types.ToolCall{ToolName: "t", Duration: d}}
		}},
		{"time_to_first_token_ms", func(d time.Duration) types.Event {
			return types.Event{LLMCall: &types.LLMCall{Model: "m", TimeToFirstToken: d}}
		}},
	} {
		for d, want := range map[time.Duration]string{
			math.MinInt64: "", -1: "", 1: "0", 500: "0.001", 1_234_567: "1.235", time.Hour: "3600000", maxServerSpan: "315360000000", maxServerSpan + 1: "", math.MaxInt64: "",
		} {
			checkFact(t, f.member, d, f.event(d), want)
		}
	}
}

func TestRow53TimesAreKeptOrNoted(t *testing.T) {
	for given, kept := range map[time.Time]bool{
		time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC):        false,
		time.Date(-292_000, 1, 1, 0, 0, 0, 0, time.UTC): false,
		time.Unix(0, -1): false,
		time.Unix(0, 0):  true,
		time.Date(2261, 12, 31, 23, 59, 59, 999_999_999, time.UTC):                           true,
		time.Date(2262, 1, 1, 1, 0, 0, 0, time.FixedZone("", 2*3600)):                        true,
		time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC):                                          false,
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC):                           false,
		time.Date(292_000_000, 1, 1, 0, 0, 0, 0, time.UTC):                                   false,
		time.Unix(math.MaxInt64, math.MaxInt64):                                              false,
		time.Unix(math.MinInt64, 0):                                                          false,
		time.Date(2026, 11, 22, 0, 16, 56, 123_456_789, time.FixedZone("far", 100*3600+123)): true,
	} {
		w := &wire{}
		client := newClient(t, w)
		began := time.Now()
		tracked := client.Session("s").TrackStep(t.Context(), types.Step{Name: "n", StartTime: given})
		recorded := client.Record(t.Context(), types.Event{SessionID: "s", Timestamp: given, Step: &types.Step{Name: "n"}})
		_, span := sentrial.StartLLM(client.Session("s").Context(t.Context()), types.LLMCall{Model: "m", StartTime: given})
		span.End(nil)
		events := arrived(t, client, w)
		for _, key := range []string{tracked, recorded, span.ID()} {
			checkTime(t, events, key, given, began, kept)
		}
	}
}

// checkTime wants the time that was given, or that of the recording and a note.
func checkTime(t *testing.T, events arrivals, key string, given, began time.Time, kept bool) {
	t.Helper()
	var got time.Time
	if err := json.Unmarshal(events.at(t, key, into("timestamp")), &got); err != nil {
		t.Errorf("%v: %v", given, err)
	}
	note := events.at(t, key, into("metadata", "omitted_timestamp"))
	if kept && (!got.Equal(given) || note != nil) || !kept && (got.Before(began.Round(0)) || got.After(time.Now().Round(0)) || note == nil) {
		t.Errorf("%v arrived as %v with the note %s", given, got, note)
	}
}

func TestRow53MetricsKeepWhatIsANumber(t *testing.T) {
	metrics := map[string]float64{
		"nan": nan, "inf": inf, "-inf": -inf, "-0": math.Copysign(0, -1), "max": math.MaxFloat64, "tiny": math.SmallestNonzeroFloat64, "0.1": 0.1, "2^53": 1 << 53,
	}
	w := &wire{}
	client := newClient(t, w)
	s := newPlaceSession(client)
	s.Close(t.Context(), types.SessionResult{Metrics: metrics})
	events := arrived(t, client, w)
	got := tree(t, events.at(t, s.ID()+" session_end", into("metrics")))
	want := map[string]any{
		"-0": json.Number("-0"), "max": json.Number("1.7976931348623157e+308"), "tiny": json.Number("5e-324"), "0.1": json.Number("0.1"), "2^53": json.Number("9007199254740992"),
	}
	if !reflect.DeepEqual(got, any(want)) {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, text := range map[string]string{"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"} {
		if note := string(events.at(t, s.ID()+" session_end", into("metadata", "omitted_metrics."+name))); note != noNumber(text, "float64") {
			t.Errorf("of %s the metadata says %s", name, note)
		}
	}
}

// FuzzRow53Numbers: whatever the bits, whatever the literal.
func FuzzRow53Numbers(f *testing.F) {
	f.Add(uint64(0), "0")
	f.Add(math.Float64bits(nan), "1e400")
	f.Add(math.Float64bits(-0.1), "-0.0E-7")
	f.Add(uint64(1<<53+1), "9007199254740993")
	f.Add(uint64(math.MaxUint64), "1_0")
	w := &wire{}
	client := newFuzzClient(f, w)
	f.Fuzz(func(t *testing.T, bits uint64, literal string) {
		v := []any{
			math.Float64frombits(bits), math.Float32frombits(uint32(bits)), bits, int64(bits), int32(bits), json.Number(literal), json.RawMessage(literal),
			[]float64{math.Float64frombits(bits)},
			map[uint64]int32{bits: int32(bits)},
			time.Duration(bits),
		}
		checkFuzzed(t, client, w, v)
	})
}
