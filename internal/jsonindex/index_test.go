package jsonindex_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/jsonindex"
)

var samples = []string{
	`{}`, `[]`, `{"a":1}`, ` { "a" : [1, {"b":"c,]}"}] , "d\"" : null, "a":2 } `, `[1,"two",[3],{"four":5},true,false]`, `"text"`, `"with \"escapes\" \u5929 \n\t\/\\"`, "\"bytes \xff\"",
	`"\ud83d\ude42 \ud83d \ud83dx \ude42\ud83d \ud83d\u0041"`, `"天"`, `12`, `-0.5e+7`, `1E9`, `null`, `[[[]]]`, ` [ ] `, `{"\u0061":{"b":[]},"c":[{}]}`, `1e400`,
	``, `{`, `[1,]`, `{,}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1 2]`, `01`, `1.`, `.5`, `-`, `1e`, `"\x"`, `"\u12"`, `"`, "\"\n\"", `tru`, `nulll`, `[}`, `{]`, `{"a":1]`, `1 2`, `{"a" 1}`, `[,1]`, `"\`,
	"{\"\xff\":1}", "\u00a0{}", "{}\x00",
}

// FuzzIndex: what encoding/json reads is read as it reads it, and nothing else is.
func FuzzIndex(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s))
	}
	var x jsonindex.Index
	f.Fuzz(func(t *testing.T, text []byte) {
		ok := x.Read(text)
		if ok != json.Valid(text) {
			t.Fatalf("%q: read %t", text, ok)
		}
		if ok {
			var want any
			d := json.NewDecoder(bytes.NewReader(text))
			d.UseNumber()
			if err := d.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if got := made(t, x.Root()); !reflect.DeepEqual(got, want) {
				t.Errorf("%q: got %#v, want %#v", text, got, want)
			}
		}
		first(t, &x, text, ok)
	})
}

// first sees that what a text begins with is a value, and is the same with more behind it.
func first(t *testing.T, x *jsonindex.Index, text []byte, whole bool) {
	t.Helper()
	end := x.First(text)
	if end < 0 || end > len(text) || end > 0 && !json.Valid(text[:end]) || whole && len(bytes.TrimSpace(text[end:])) > 0 {
		t.Errorf("%q: ends at %d", text, end)
	}
	if whole && (text[end-1] == '}' || text[end-1] == ']' || text[end-1] == '"') {
		more := append(bytes.Clone(text), "]{,"...)
		if got := x.First(more); got != end {
			t.Errorf("%q: ends at %d, and at %d with more behind it", text, end, got)
		}
	}
}

// made makes a value in the way of encoding/json, by every way to read it.
func made(t *testing.T, v jsonindex.Value) any {
	t.Helper()
	var compact bytes.Buffer
	if err := json.Compact(&compact, v.Raw()); err != nil || !bytes.Equal(v.AppendCompact(nil), compact.Bytes()) {
		t.Errorf("%s: %v, compact %s, want %s", v.Raw(), err, v.AppendCompact(nil), compact.Bytes())
	}
	switch v.Kind() {
	case '{':
		m := map[string]any{}
		for name, member := range v.Members {
			m[name] = made(t, member)
		}
		for name, value := range m {
			if got := made(t, v.Get(name)); !reflect.DeepEqual(got, value) {
				t.Errorf("%s: member %q is %v, not %v", v.Raw(), name, got, value)
			}
		}
		if v.Empty() != (len(m) == 0) {
			t.Errorf("%s: empty %t", v.Raw(), v.Empty())
		}
		return m
	case '[':
		list := []any{}
		for item := range v.Items {
			list = append(list, made(t, item))
		}
		return list
	case '"':
		return text(t, v)
	}
	var scalar any
	d := json.NewDecoder(bytes.NewReader(v.Raw()))
	d.UseNumber()
	_ = d.Decode(&scalar)
	return scalar
}

func text(t *testing.T, v jsonindex.Value) string {
	t.Helper()
	s, ok := v.Text()
	appended := string(v.AppendText([]byte("before ")))
	plain, isPlain := v.Plain()
	if !ok || appended != "before "+s || isPlain && string(plain) != s || !v.Is(s) || v.Is(s+"x") {
		t.Errorf("%s: %q %t, %q, %q %t", v.Raw(), s, ok, appended, plain, isPlain)
	}
	return s
}

func TestNone(t *testing.T) {
	var x jsonindex.Index
	if !x.Read([]byte(`{"a":[1]}`)) {
		t.Fatal("not read")
	}
	for _, v := range []jsonindex.Value{{}, x.Root().Get("b"), x.Root().Get("a").Get("c"), jsonindex.Value{}.Get("d")} {
		text, ok := v.Text()
		if v.There() || v.Kind() != 0 || v.Raw() != nil || !v.Empty() || text != "" || ok || v.Is("") || v.AppendText(nil) != nil {
			t.Errorf("something is there: %s", v.Raw())
		}
		for range v.Items {
			t.Error("an item of nothing")
		}
		for range v.Members {
			t.Error("a member of nothing")
		}
	}
}

func TestDepth(t *testing.T) {
	for _, deep := range []int{1, 10_000, 10_001} {
		text := []byte(strings.Repeat("[", deep) + strings.Repeat("]", deep))
		var x jsonindex.Index
		if ok := x.Read(text); ok != json.Valid(text) || ok && x.Depth() != deep {
			t.Errorf("%d levels: %t, %d", deep, ok, x.Depth())
		}
	}
}

// Reading again and again, with or without success, needs no memory; nor does looking into what was read.
func TestNoAllocations(t *testing.T) {
	var x jsonindex.Index
	text, buf := []byte(`{"id":"a","list":[{"text":"t\n天"},{"text":"u"}],"n":12}`), make([]byte, 0, 100)
	got := testing.AllocsPerRun(100, func() {
		x.Read(text[:20])
		x.Read(text)
		for item := range x.Root().Get("list").Items {
			buf = item.Get("text").AppendText(buf[:0])
		}
		if !x.Root().Get("id").Is("a") {
			t.Error("another id")
		}
	})
	if got > 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkRead(b *testing.B) {
	text := []byte(`{"id":"chatcmpl-123","object":"chat.completion.chunk","created":1730000000,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}]}`)
	var x jsonindex.Index
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		x.Read(text)
	}
}
