package table_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/table"
)

func sample() *table.Table {
	t := table.New(
		table.Column{Title: "ID"},
		table.Column{Title: "NAME", Min: 6},
		table.Column{Title: "STATUS", Drop: 1},
		table.Column{Title: "TOKENS", Right: true, Drop: 2},
	)
	add := func(id, name, status, tokens string) {
		t.Add(console.Line(console.None, id), console.Line(console.Bold, name), console.Line(console.Green, status), console.Line(console.None, tokens))
	}
	add("sess_1", "a rather long name", "success", "1,204")
	add("sess_22", "日本語", "error", "")
	return t
}

func draw(t *testing.T, c console.Console) string {
	t.Helper()
	var b strings.Builder
	if err := sample().Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAPipeGetsEverything(t *testing.T) {
	want := strings.Join([]string{
		"ID       NAME                STATUS   TOKENS",
		"sess_1   a rather long name  success   1,204",
		"sess_22  日本語              error         -",
		"",
	}, "\n")
	if got := draw(t, console.Console{Width: 20}); got != want {
		t.Errorf("table =\n%s\nwant\n%s", got, want)
	}
}

func TestATerminalIsNeverOverrun(t *testing.T) {
	for width := 16; width < 60; width++ {
		got := draw(t, console.Console{Terminal: true, Unicode: true, Width: width})
		for line := range strings.SplitSeq(got, "\n") {
			if console.Cells(line) > width {
				t.Errorf("width %d: %q takes %d cells", width, line, console.Cells(line))
			}
		}
		if !strings.Contains(got, "sess_22") {
			t.Errorf("width %d: an id was cut:\n%s", width, got)
		}
	}
}

func TestNarrowTablesShrinkThenDrop(t *testing.T) {
	first := func(width int) string {
		line, _, _ := strings.Cut(draw(t, console.Console{Terminal: true, Unicode: true, Width: width}), "\n")
		return line
	}
	for width, want := range map[int]string{
		44: "ID       NAME                STATUS   TOKENS",
		40: "ID       NAME            STATUS   TOKENS",
		30: "ID       NAME          STATUS",
		20: "ID       NAME",
	} {
		if got := first(width); got != want {
			t.Errorf("width %d: %q, want %q", width, got, want)
		}
	}
}

func TestColourDoesNotCountAsWidth(t *testing.T) {
	colored := draw(t, console.Console{Terminal: true, Unicode: true, Color: true, Width: 44})
	if plain := draw(t, console.Console{Terminal: true, Unicode: true, Width: 44}); strip(colored) != plain {
		t.Errorf("with colour:\n%s\nwithout:\n%s", colored, plain)
	}
}

func strip(s string) string {
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[32m"} {
		s = strings.ReplaceAll(s, code, "")
	}
	return s
}

func TestAFailedWriteIsReported(t *testing.T) {
	if err := sample().Write(broken{}, console.Console{}); !errors.Is(err, errBroken) {
		t.Errorf("Write = %v", err)
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }
