package genai_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata/dialects")

// Each file testdata/dialects/NAME.json holds spans as an instrumentation sends them, NAME.golden what each is found to be by itself.
func TestDialects(t *testing.T) {
	files, err := filepath.Glob("testdata/dialects/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata/dialects:", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, strings.TrimSuffix(file, ".json")+".golden", looked(t, file))
		})
	}
}

// looked gives what the spans of a file are, as text.
func looked(t *testing.T, file string) []byte {
	spans, logs := readOTLP(t, file)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", "\t")
	e.SetEscapeHTML(false)
	for _, s := range spans {
		if err := e.Encode(readable(t, genai.Look(s, logsOf(s, logs)...))); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func logsOf(s *genai.Span, logs []*genai.Log) (of []*genai.Log) {
	for _, l := range logs {
		if l.TraceID == s.TraceID && l.SpanID == s.SpanID {
			of = append(of, l)
		}
	}
	return of
}

// readable leaves out what says nothing: nil, "", 0, empty lists and objects.
func readable(t *testing.T, v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var decoded any
	if err := d.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	return pruned(decoded)
}

func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if inner = pruned(inner); inner == nil {
				delete(v, name)
			} else {
				v[name] = inner
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if v == "" {
			return nil
		}
	case json.Number:
		if v == "0" {
			return nil
		}
	}
	return v
}

// golden compares with a file, or writes it.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: %s", file, firstDifference(got, want))
	}
}

// firstDifference shows the first line that differs, with what is above it.
func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	around := func(lines []string) string {
		return strings.Join(lines[max(0, min(i, len(lines))-6):min(len(lines), i+4)], "\n")
	}
	return "got\n" + around(g) + "\nwant\n" + around(w)
}
