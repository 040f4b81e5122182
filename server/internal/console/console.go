// Package console knows what the reader of our output can show: a terminal of some width with colours and blocks, or
// a pipe that wants plain text. Whatever it prints is made harmless first: stored data must not steer a terminal.
package console

import (
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// PipeWidth is the width of a line when there is no terminal to ask and COLUMNS is not set.
const PipeWidth = 100

// Console describes one output. The zero value is a pipe of no known width: plain, ASCII, nothing cut.
type Console struct {
	Terminal bool // a person is looking
	Color    bool // SGR sequences are welcome
	Unicode  bool // blocks, box drawing and symbols are welcome
	Width    int  // cells in a line; 0 = unlimited
}

// Detect looks at w and the environment. Colour needs a terminal and none of NO_COLOR, CI, TERM=dumb; blocks and
// symbols need a terminal whose locale, where one is named, is UTF-8. COLUMNS names the width of a pipe.
func Detect(w io.Writer, getenv func(string) string) Console {
	c := Console{Width: columns(getenv)}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return c
	}
	c.Terminal = true
	if cells, _, err := term.GetSize(int(f.Fd())); err == nil && cells > 0 {
		c.Width = cells
	}
	c.Color, c.Unicode = abilities(getenv)
	return c
}

// abilities is what a terminal can do according to the environment.
func abilities(getenv func(string) string) (color, unicode bool) {
	able := capable(getenv)
	return able && getenv("NO_COLOR") == "" && getenv("CI") == "", able && utf8Locale(getenv)
}

// Plain is c without colour.
func (c Console) Plain() Console { c.Color = false; return c }

// ASCII is c without blocks and symbols.
func (c Console) ASCII() Console { c.Unicode = false; return c }

func columns(getenv func(string) string) int {
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return PipeWidth
}

// capable reports whether the terminal understands escape sequences at all. An old Windows console does not; those
// that do set one of these two variables.
func capable(getenv func(string) string) bool {
	if runtime.GOOS == "windows" && getenv("WT_SESSION") == "" && getenv("TERM") == "" {
		return false
	}
	return getenv("TERM") != "dumb"
}

func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}
