package console_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

func env(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func TestAPipeIsPlain(t *testing.T) {
	got := console.Detect(&bytes.Buffer{}, env(map[string]string{"TERM": "xterm", "LANG": "en_US.UTF-8"}))
	if want := (console.Console{Width: console.PipeWidth}); got != want {
		t.Errorf("Detect(buffer) = %+v, want %+v", got, want)
	}
}

func TestAFileIsPlain(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got := console.Detect(f, env(nil)); got.Terminal || got.Color || got.Unicode {
		t.Errorf("Detect(file) = %+v, want a plain one", got)
	}
}

func TestColumnsNamesTheWidthOfAPipe(t *testing.T) {
	for value, want := range map[string]int{"64": 64, "": console.PipeWidth, "-3": console.PipeWidth, "wide": console.PipeWidth} {
		if got := console.Detect(&bytes.Buffer{}, env(map[string]string{"COLUMNS": value})).Width; got != want {
			t.Errorf("COLUMNS=%q: width %d, want %d", value, got, want)
		}
	}
}

func TestAbilitiesOfATerminal(t *testing.T) {
	for _, test := range []struct {
		name           string
		env            map[string]string
		color, unicode bool
	}{
		{"a usual one", map[string]string{"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, true, true},
		{"no locale", map[string]string{"TERM": "xterm"}, true, true},
		{"NO_COLOR", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false, true},
		{"CI", map[string]string{"TERM": "xterm", "CI": "true"}, false, true},
		{"TERM=dumb", map[string]string{"TERM": "dumb"}, false, false},
		{"another locale", map[string]string{"TERM": "xterm", "LANG": "de_DE.ISO-8859-1"}, true, false},
		{"LC_ALL before LANG", map[string]string{"TERM": "xterm", "LC_ALL": "C", "LANG": "en_US.UTF-8"}, true, false},
	} {
		color, unicode := console.Abilities(env(test.env))
		if color != test.color || unicode != test.unicode {
			t.Errorf("%s: colour %t, unicode %t; want %t, %t", test.name, color, unicode, test.color, test.unicode)
		}
	}
}
