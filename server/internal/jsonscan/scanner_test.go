package jsonscan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// samples are texts around every rule of the grammar; whether each is JSON is encoding/json's word.
var samples = []string{
	`null`, `true`, `false`, `tru`, `nul`, `falsey`, `0`, `-0`, `-`, `01`, `1.`, `1.5`, `.5`, `1e3`, `1E+3`, `1e-3`, `1e`, `1e+`, `+1`, `NaN`, `0x10`, `1_0`,
	`12345678901234567890123456789`, `""`, `"a`, `"\u12"`, `"\u12aF"`, `"\x"`, `"\`, "\"a\tb\"", "\"\x1f\"", "\"\x00\"", "\"\x7f\"", `"\"\\\/\b\f\n\r\t"`, `'a'`,
	`[]`, `[`, `]`, `[1,2]`, `[1,]`, `[,1]`, `[1 2]`, `[[],[[]],{}]`, `[}`, `{]`,
	`{}`, `{`, `{"a":1}`, `{"a":1,}`, `{"a"}`, `{"a" 1}`, `{a:1}`, `{"a":1 "b":2}`, `{,}`, `{"a":{"b":[{"c":null}]}}`, `{"a":1,"a":2}`,
	` { "a" : [ 1 , "x" ] } `, `1 2`, `{} {}`, `{}x`, ``, ` `, `[1]]`, "\ufeff{}", "{\"\xff\":1}",
}

func accepts(text []byte) ([]byte, int, error) {
	s := jsonscan.New(text)
	raw, depth, err := s.Value()
	if err == nil {
		err = s.End()
	}
	return raw, depth, err
}

func TestValueAcceptsWhatIsJSON(t *testing.T) {
	for _, text := range samples {
		raw, _, err := accepts([]byte(text))
		if valid := json.Valid([]byte(text)); valid != (err == nil) {
			t.Errorf("%q: JSON is %v, scanner says %v", text, valid, err)
		}
		if err == nil && string(raw) != strings.TrimSpace(text) {
			t.Errorf("%q: value is %q", text, raw)
		}
		var syntax *jsonscan.SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Errorf("%q: error %v is no SyntaxError", text, err)
		}
	}
}

func TestValueMeasuresDepth(t *testing.T) {
	for text, want := range map[string]int{
		`1`: 0, `{}`: 1, `[1]`: 1, `[[],{}]`: 2, `{"a":{"b":[{}]},"c":[]}`: 4,
		strings.Repeat("[", 100) + strings.Repeat("]", 100): 100,
	} {
		if _, depth, err := accepts([]byte(text)); depth != want || err != nil {
			t.Errorf("%.20q: depth %d (%v), want %d", text, depth, err, want)
		}
	}
}

func TestValueRefusesEndlessNesting(t *testing.T) {
	for _, unit := range []string{"[", `{"a":`} {
		_, _, err := accepts([]byte(strings.Repeat(unit, 1_000_000)))
		if err == nil || !strings.Contains(err.Error(), "at most 10000 levels") {
			t.Errorf("a million %q: %v", unit, err)
		}
	}
}

func TestMembersAndElements(t *testing.T) {
	s := jsonscan.New([]byte(` { "a" : 1 , "b\u0062" : [ {"x":2} , "y" ] , "c":{} } tail`))
	var got []string
	err := s.Members(func(key []byte) error {
		if string(key) != `b\u0062` {
			raw, _, err := s.Value()
			got = append(got, string(key)+"="+string(raw))
			return err
		}
		return s.Elements(func() error {
			raw, _, err := s.Value()
			got = append(got, "element "+string(raw))
			return err
		})
	})
	want := []string{"a=1", `element {"x":2}`, `element "y"`, "c={}"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
	if err := s.End(); err == nil || err.Error() != "invalid JSON at byte 54: expected nothing after the end, found 't'" {
		t.Errorf("the tail: %v", err)
	}
}

func TestMembersStopAtTheCallersError(t *testing.T) {
	stop := errors.New("stop")
	s := jsonscan.New([]byte(`{"a":[1]}`))
	err := s.Members(func([]byte) error { return s.Elements(func() error { return stop }) })
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

func TestMembersRefuseOtherKinds(t *testing.T) {
	for _, text := range []string{``, `[]`, `1`, `{"a":1`, `{"a":1]`, `{"a":1;`} {
		s := jsonscan.New([]byte(text))
		err := s.Members(func([]byte) error { _, _, err := s.Value(); return err })
		if err == nil {
			t.Errorf("%q was read as an object", text)
		}
	}
}

func FuzzValue(f *testing.F) {
	for _, text := range samples {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		raw, _, err := accepts(text)
		if err != nil && strings.Contains(err.Error(), "at most") {
			return // encoding/json has a limit of its own
		}
		if valid := json.Valid(text); valid != (err == nil) {
			t.Fatalf("JSON is %v, scanner says %v", valid, err)
		}
		if err == nil && !bytes.Equal(raw, bytes.Trim(text, " \t\r\n")) {
			t.Fatalf("value is %q", raw)
		}
	})
}

func BenchmarkValue(b *testing.B) {
	text := []byte(`{"id":"evt_0198","tool_input":{"query":"` + strings.Repeat("lorem ipsum ", 100) + `","n":[1,2,3.5]}}`)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, _, err := jsonscan.New(text).Value(); err != nil {
			b.Fatal(err)
		}
	}
}
