package httpx_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		" two\nlines\x00 ": "two lines", "a\u202eb": "ab", strings.Repeat("é", 300): strings.Repeat("é", 256), "": "",
	} {
		if got := httpx.OneLine(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
