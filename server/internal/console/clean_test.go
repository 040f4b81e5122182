package console_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// hostile is text that would steer a terminal.
const hostile = "ok\x1b[2J\x1b]0;owned\x07\x9b31m\u009b31m\u202egnp.exe\u2066\u200b\x00\x7f\r\n\tend\u2028\U000e0041"

func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{
		"  two \t words \r\n":          "two words",
		"\x1b[31mred\x1b[0m":           `\x1b[31mred\x1b[0m`,
		"bell\x07 nul\x00 del\x7f":     `bell\x07 nul\x00 del\x7f`,
		"c1 \u009b2J":                  `c1 \x9b2J`,
		"bidi \u202eabc\u2066":         `bidi \u202eabc\u2066`,
		"bom \ufeffx soft\u00adhyphen": `bom \ufeffx soft\xadhyphen`,
		"not utf8 \xff\xfe":            "not utf8 \ufffd\ufffd",
		"日本語 é 👩\u200d🚀":               "日本語 é 👩\u200d🚀",
		"":                             "",
	} {
		if got := console.CleanLine(in); got != want {
			t.Errorf("CleanLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanBlockKeepsLines(t *testing.T) {
	got := console.CleanBlock("a\r\n\tb\u2028c\x1b[1m\rd")
	if want := "a\n    b\nc\\x1b[1m\\x0dd"; got != want {
		t.Errorf("CleanBlock = %q, want %q", got, want)
	}
}

func TestCleanJSONIsTheSameJSON(t *testing.T) {
	doc := "{\n\t\"a\u009b\": \"\u202e \u007f \U000e0041 <ü>\"\n}"
	clean := console.CleanJSON([]byte(doc))
	if harmful(string(clean), "\n\t") {
		t.Errorf("CleanJSON left something harmful: %q", clean)
	}
	var before, after any
	if err := json.Unmarshal([]byte(doc), &before); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(clean, &after); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before, after) {
		t.Errorf("CleanJSON changed the value from %#v to %#v", before, after)
	}
}

// harmful reports whether a terminal could be steered by s; the characters of except are allowed.
func harmful(s, except string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		if strings.ContainsRune(except, r) || r == '\u200d' || r == '\u200c' {
			return false
		}
		return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
	}) || !utf8.ValidString(s)
}

func FuzzClean(f *testing.F) {
	f.Add(hostile)
	f.Add("plain")
	f.Fuzz(func(t *testing.T, s string) {
		if got := console.CleanLine(s); harmful(got, "") {
			t.Errorf("CleanLine(%q) = %q", s, got)
		}
		if got := console.CleanBlock(s); harmful(got, "\n") {
			t.Errorf("CleanBlock(%q) = %q", s, got)
		}
		if got := console.CleanJSON([]byte(s)); utf8.ValidString(s) && harmful(strings.NewReplacer("\x00", "").Replace(string(got)), "\n\t\r") {
			t.Errorf("CleanJSON(%q) = %q", s, got)
		}
	})
}
