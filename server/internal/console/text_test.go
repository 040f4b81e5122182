package console_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

var color = console.Console{Color: true, Unicode: true}

func TestTextIsHarmlessFromTheStart(t *testing.T) {
	line := console.Line(console.Red, hostile).Add(console.None, hostile)
	if got := line.String(); harmful(got, "") {
		t.Errorf("a line holds %q", got)
	}
}

func TestRender(t *testing.T) {
	line := console.Line(console.Bold, "name").Add(console.None, "  ").Add(console.Red.With(console.Bold), "failed")
	for _, test := range []struct {
		c     console.Console
		cells int
		want  string
	}{
		{color, 0, "\x1b[1mname\x1b[0m  \x1b[31;1mfailed\x1b[0m"},
		{color.Plain(), 0, "name  failed"},
		{color.Plain(), 12, "name  failed"},
		{color.Plain(), 11, "name  fail…"},
		{color.Plain(), 7, "name  …"},
		{color.Plain(), 4, "nam…"},
		{color.ASCII().Plain(), 8, "name..."},
		{color, 11, "\x1b[1mname\x1b[0m  \x1b[31;1mfail…\x1b[0m"},
	} {
		if got := test.c.Render(line, test.cells); got != test.want {
			t.Errorf("Render(%d) = %q, want %q", test.cells, got, test.want)
		}
	}
}

func TestAddKeepsSpacesAtTheEnds(t *testing.T) {
	if got := console.Line(console.None, " a ").Add(console.None, "b").String(); got != " a b" {
		t.Errorf("text = %q", got)
	}
}

func TestTextsDoNotShareTheirTail(t *testing.T) {
	base := console.Line(console.None, "a").Add(console.None, "b").Add(console.None, "c")
	one, two := base.Add(console.None, "1"), base.Add(console.None, "2")
	if one.String() != "abc1" || two.String() != "abc2" {
		t.Errorf("texts = %q, %q", one, two)
	}
}
