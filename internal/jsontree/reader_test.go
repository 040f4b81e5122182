package jsontree_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsontree"
	"github.com/sentrial/sentrial-go/types"
)

// read is the whole of a text.
func read(text string) (v any, ok bool) {
	r := jsontree.NewReader(text)
	defer r.Free()
	v = r.Value()
	return v, r.Done()
}

// asTypes is what package types makes of it.
func asTypes(t *testing.T, text string) any {
	t.Helper()
	var e types.Event
	if err := json.Unmarshal([]byte(`{"type":"step","input":`+text+`}`), &e); err != nil {
		t.Fatalf("%.300s: %v", text, err)
	}
	return e.Step.Input
}

// check reads a text that may be JSON or not.
func check(t *testing.T, text string) {
	t.Helper()
	got, ok := read(text)
	if want := json.Valid([]byte(text)) && utf8.ValidString(text); ok != want {
		t.Errorf("%.300q: read: %t, want %t", text, ok, want)
		return
	}
	if !ok {
		return
	}
	if want := asTypes(t, text); !reflect.DeepEqual(got, want) {
		t.Errorf("%.300q:\n got %#v\nwant %#v", text, got, want)
	}
}

var texts = []string{
	`null`, `true`, `false`, ` [ true , false , null ] `, `"text"`, `""`, `{}`, `[]`, `[[],{}]`, `0`, `-0`, `-1.5e+3`, `0.1`, `9007199254740993`, `1e400`, `18446744073709551615`,
	`{"a":1,"b":[1,"x",{"c":null}],"a":2}`, `{"":{"":""}}`, "{\n\t\"a\" :\r 1 , \"b\" : [ ] }", `[0.30000000000000004,123456789.123456789123,1.0,1e2]`,
	`"\"\\\/\b\f\n\r\t"`, `"a\u0041\u00e9\u2028b"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ude00\ud83d"`, `"\ud83d\ud83d\ude00"`, `"héllo \n wörld 😀"`,
	`{"n\u0061me\n":"v"}`, `["\u0000"]`, "\"\u2028\"", `"` + strings.Repeat("long ", 100) + `\n` + strings.Repeat("é", 100) + `"`,
	// none of these is JSON
	``, ` `, `[`, `]`, `{`, `}`, `[1`, `[1,`, `[1,]`, `[,1]`, `[1 2]`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{a:1}`, `{1:1}`, `{"a" 1}`, `{"a":1 "b":2}`, `[}`, `{]`, `[1}`,
	`tru`, `truex`, `nul`, `fals`, `"`, `"a`, `"\`, `"\"`, `"\x"`, `"\u`, `"\u12"`, `"\u123"`, `"\u+123"`, `"\u12g4"`, `"\ud83d\u"`, `"\ud83d\u12"`, `"\ud83d\`, "\"\n\"", "\"\x00\"", "\"\x80\"",
	`01`, `-`, `+1`, `.5`, `1.`, `1e`, `1e+`, `0x1`, `1 1`, `nullnull`, `[1]]`, `NaN`, `Infinity`,
}

func TestReaderGivesWhatTypesGives(t *testing.T) {
	for _, text := range texts {
		check(t, text)
	}
}

func FuzzReader(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Count(text, "[")+strings.Count(text, "{") < 100 { // what nests deeper is refused
			check(t, text)
		}
		r := jsontree.NewReader(text) // asked for what is not there, it ends
		for r.Open('['); r.More(']'); {
			for r.Open('{'); r.More('}'); {
				_, _ = r.Name(), r.Text()
			}
		}
		r.Free()
	})
}

func TestReaderRefusesWhatNestsForEver(t *testing.T) {
	for _, brackets := range []string{"[]", "{}"} {
		open, end := brackets[:1], brackets[1:]
		if open == "{" {
			open = `{"a":`
		}
		if _, ok := read(strings.Repeat(open, 100) + "1" + strings.Repeat(end, 100)); !ok {
			t.Errorf("100 levels of %s are refused", brackets)
		}
		if _, ok := read(strings.Repeat(open, 1e6) + "1" + strings.Repeat(end, 1e6)); ok {
			t.Errorf("a million levels of %s are read", brackets)
		}
	}
}

// TestReadersShareNothing: what one has read stays when its memory is used again.
func TestReadersShareNothing(t *testing.T) {
	first, _ := read(`{"list":[1,["a\n","b"],{"c":"d\t"}]}`)
	for range 10 {
		read(`["other\n",[9,9,9,9,9,9],"other\n"]`)
	}
	if want := asTypes(t, `{"list":[1,["a\n","b"],{"c":"d\t"}]}`); !reflect.DeepEqual(first, want) {
		t.Errorf("it became %v", first)
	}
}

func BenchmarkReader(b *testing.B) {
	for name, text := range map[string]string{
		"tool input":  `{"query":"weather in Lisbon tomorrow","limit":10}`,
		"tool output": `{"titles":["Lisbon weather","Ten day forecast","Climate of Portugal"],"scores":[0.98,0.7512,0.33]}`,
		"text":        `"` + strings.Repeat(`The agent said: \"look again\", and then\nit looked again. `, 18) + `"`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read(text)
			}
		})
	}
}
