package timeline_test

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/timeline"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func terminal(width int) console.Console {
	return console.Console{Terminal: true, Color: true, Unicode: true, Width: width}
}

func TestDraw(t *testing.T) {
	for name, opts := range map[string]timeline.Options{
		"terminal-80":    {Console: terminal(80).Plain(), Now: seen},
		"terminal-120":   {Console: terminal(120).Plain(), Now: seen},
		"colour-80":      {Console: terminal(80), Now: seen},
		"colour-120":     {Console: terminal(120), Now: seen},
		"ascii-80":       {Console: terminal(80).Plain().ASCII(), Now: seen},
		"piped-120":      {Console: console.Console{Width: 120}},
		"terminal-60":    {Console: terminal(60).Plain(), Now: seen},
		"full-80":        {Console: terminal(80).Plain(), Now: seen, Full: true},
		"piped-full-100": {Full: true},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, draw(t, support(), opts)) })
	}
}

func TestDrawDeepNesting(t *testing.T) {
	var v timeline.View
	for i := range 14 {
		e := at(strconv.Itoa(i), "evt_"+strconv.Itoa(i-1), float64(i), float64(28-2*i), step("level "+strconv.Itoa(i), ""))
		e.Step.Error = "a note on level " + strconv.Itoa(i)
		v.Events = append(v.Events, e)
	}
	golden(t, "deep-80", draw(t, v, timeline.Options{Console: terminal(80).Plain()}))
}

func draw(t testing.TB, v timeline.View, opts timeline.Options) string {
	t.Helper()
	var b strings.Builder
	if err := timeline.Draw(&b, v, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update rewrites it. Got:\n%s", path, got)
	}
}
