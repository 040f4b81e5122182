package console_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

func TestCells(t *testing.T) {
	for s, want := range map[string]int{
		"":            0,
		"abc":         3,
		"é":           1,
		"e\u0301":     1,
		"日本":          4,
		"한글":          4,
		"ｆｕｌｌ":        8,
		"🚀":           2,
		"✓ ● │ █ ▏ …": 11,
	} {
		if got := console.Cells(s); got != want {
			t.Errorf("Cells(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	blocks := console.Console{Unicode: true}
	for _, test := range []struct {
		c     console.Console
		in    string
		cells int
		want  string
	}{
		{blocks, "short", 5, "short"},
		{blocks, "longer text", 7, "longer…"},
		{blocks, "longer text", 8, "longer…"},
		{blocks, "日本語", 4, "日…"},
		{blocks, "日本語", 1, "…"},
		{blocks, "日本語", 0, ""},
		{console.Console{}, "longer text", 7, "long..."},
		{console.Console{}, "longer text", 2, "lo"},
	} {
		if got := test.c.Cut(test.in, test.cells); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.in, test.cells, got, test.want)
		}
	}
}

func TestPad(t *testing.T) {
	if got := console.Pad("日", 4); got != "日  " {
		t.Errorf("Pad = %q", got)
	}
	if got := console.PadLeft("日", 4); got != "  日" {
		t.Errorf("PadLeft = %q", got)
	}
}

func TestWrapKeepsWordsWhereItCan(t *testing.T) {
	got := strings.Join(console.Wrap("the quick brown fox averyverylongword", 10), "|")
	if want := "the quick|brown fox|averyveryl|ongword"; got != want {
		t.Errorf("Wrap = %q, want %q", got, want)
	}
}

func FuzzCutAndWrap(f *testing.F) {
	f.Add("the 日本語 quick", 3)
	f.Add("e\u0301e\u0301e\u0301", 1)
	f.Fuzz(func(t *testing.T, s string, cells int) {
		s, cells = console.CleanLine(s), cells%200
		for _, c := range []console.Console{{}, {Unicode: true}} {
			if got := console.Cells(c.Cut(s, cells)); got > max(cells, 0) {
				t.Errorf("Cut(%q, %d) takes %d cells", s, cells, got)
			}
			line := console.Line(console.Red, s).Add(console.None, " and more")
			if got := c.Cropped(line, cells).Cells(); cells >= 0 && got > cells {
				t.Errorf("Cropped(%q, %d) takes %d cells", s, cells, got)
			}
		}
		if cells < 2 {
			return
		}
		pieces := console.Wrap(s, cells)
		for _, p := range pieces {
			if console.Cells(p) > cells {
				t.Errorf("Wrap(%q, %d) made %q", s, cells, p)
			}
		}
		if bare(strings.Join(pieces, "")) != bare(s) {
			t.Errorf("Wrap(%q, %d) lost text: %q", s, cells, pieces)
		}
	})
}

func bare(s string) string { return strings.ReplaceAll(s, " ", "") }
