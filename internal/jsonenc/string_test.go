package jsonenc_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

func sameString(t *testing.T, s string) {
	t.Helper()
	want := bytes.TrimSuffix(standard(t, s), []byte("\n"))
	if got := jsonenc.AppendString([]byte("x"), s); !bytes.Equal(got[1:], want) {
		t.Errorf("%q:\n got %s\nwant %s", s, got[1:], want)
	}
}

// Every byte, alone and at each place among plain ones, so that each lane of the words of
// eight bytes is tried, and the end after them.
func TestAppendStringEveryByteEverywhere(t *testing.T) {
	for c := range 256 {
		for _, size := range []int{1, 7, 8, 9, 16, 19} {
			for at := range size {
				s := bytes.Repeat([]byte("~"), size)
				s[at] = byte(c)
				sameString(t, string(s))
				s[size-1] = '\n'
				sameString(t, string(s))
			}
		}
	}
}

// A borrow from one byte must not hide or invent an escape in the next.
func TestAppendStringEveryPair(t *testing.T) {
	for a := range 256 {
		for b := range 256 {
			sameString(t, "abc"+string([]byte{byte(a), byte(b)})+"def")
		}
	}
}

func TestAppendStringEveryRune(t *testing.T) {
	var all strings.Builder
	for r := rune(0); r <= 0x10FFFF; r++ {
		all.WriteRune(r)
	}
	sameString(t, all.String())
}

// Words are written further than they reach, but never beyond the memory there is, whatever
// its size; and what was there before stays.
func TestAppendStringStaysInItsMemory(t *testing.T) {
	const guard = 0xEE
	memory := make([]byte, 256)
	for size := range 34 {
		full := strings.Repeat("~~~~~~~\"", size/8) + "~~~~~~~~" // as long as it can get, and then a word that writes the furthest
		for _, s := range []string{full, strings.Repeat("~", size), strings.Repeat("~~~~~~~\"", size)[:size], strings.Repeat("é\n~", size)[:size], strings.Repeat("\"", size)} {
			want := standard(t, s)
			for room := range 100 {
				copy(memory, bytes.Repeat([]byte{guard}, len(memory)))
				got := jsonenc.AppendString(append(memory[:0:room+1], 'x'), s)
				if !bytes.Equal(got[1:], bytes.TrimSuffix(want, []byte("\n"))) || got[0] != 'x' {
					t.Fatalf("%q in %d bytes: got %s", s, room, got)
				}
				if i := bytes.IndexFunc(memory[room+1:], func(r rune) bool { return r != utf8.RuneError }); i >= 0 {
					t.Fatalf("%q in %d bytes: byte %d was written", s, room, room+1+i)
				}
			}
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", "a\"b\\c\n", "\xff\xfe", "\u2028\u2029", "世界 <b>&", "12345678\x00", "\xed\xa0\x80\xf4\x90\x80\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sameString(t, s)
		var back string
		if err := json.Unmarshal(jsonenc.AppendString(nil, s), &back); err != nil || back != strings.ToValidUTF8(s, "\uFFFD") && !strings.ContainsRune(back, '\uFFFD') {
			t.Errorf("%q came back as %q, %v", s, back, err)
		}
	})
}
