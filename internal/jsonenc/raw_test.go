package jsonenc_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

var rawSeeds = []string{
	`null`, ` {"a" : [ 1, -2.5e+3 , "x\u00e9\n\/" , true , false , null ] , "" : {} } `, `[[[]]]`, `"\ud800"`, `0`, `-0.0`,
	`01`, `1.`, `.5`, `-`, `1e`, `+1`, `[1,]`, `{,}`, `{"a":1,}`, `{"a"}`, `{a:1}`, `"a`, "\"\n\"", `"\x"`, `"\u12g4"`, `nul`, `truefalse`, ``, ` `, `[`, `]`, `{"a":1]`, "\"\xff\"", `[1}`,
}

func FuzzRaw(f *testing.F) {
	for _, s := range rawSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		const deep = 1_000_000
		if got, want := jsonenc.Valid(src, deep), json.Valid(src); got != want {
			t.Fatalf("Valid(%q) is %t, encoding/json says %t", src, got, want)
		}
		got := jsonenc.Append(nil, json.RawMessage(bytes.Clone(src)))
		if !json.Valid(got) || !utf8.Valid(got) {
			t.Fatalf("%q became %q", src, got)
		}
		if jsonenc.Valid(src, jsonenc.MaxDepth) && utf8.Valid(src) {
			var want bytes.Buffer
			if err := json.Compact(&want, src); err != nil || !bytes.Equal(got, want.Bytes()) {
				t.Fatalf("%q became %q, want %q", src, got, want.Bytes())
			}
		}
	})
}

func TestValidDepth(t *testing.T) {
	for _, c := range []struct {
		src   string
		depth int
		want  bool
	}{
		{`1`, 0, true},
		{`[]`, 0, false},
		{`[]`, 1, true},
		{`[{"a":[]},[]]`, 3, true},
		{`[{"a":[]},[]]`, 2, false},
		{strings.Repeat("[", 1<<20), 64, false},
	} {
		if got := jsonenc.Valid([]byte(c.src), c.depth); got != c.want {
			t.Errorf("Valid(%.40q, %d) is %t", c.src, c.depth, got)
		}
	}
}

// What came out of JSON goes back into it unchanged.
func FuzzAppend(f *testing.F) {
	for _, s := range rawSeeds {
		f.Add([]byte(s))
	}
	f.Add([]byte(strings.Repeat("[", 70) + strings.Repeat("]", 70)))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, useNumber := range []bool{false, true} {
			d := json.NewDecoder(bytes.NewReader(src))
			if useNumber {
				d.UseNumber()
			}
			var v any
			if d.Decode(&v) != nil {
				return
			}
			got := decoded(t, jsonenc.Append(nil, v))
			if jsonenc.Valid(src, jsonenc.MaxDepth) && !reflect.DeepEqual(got, decoded(t, standard(t, v))) {
				t.Fatalf("%q became %v", src, got)
			}
		}
	})
}
