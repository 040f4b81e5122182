package pricing_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/sentrial/sentrial-go/pricing"
)

func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		text               string
		line               int
		model, field, says string
	}{
		"nothing":        {"", 1, "", "", "JSON"},
		"no JSON":        {"{\n\"models\": [\n{,", 3, "", "", "JSON"},
		"cut":            {"{\n\"models\": [", 2, "", "models", "JSON"},
		"a list":         {"[]", 1, "", "", "want {"},
		"more":           {"{\"models\": []}\n{}", 2, "", "", "nothing after"},
		"no models":      {"{}", 1, "", "models", "missing"},
		"misspelt":       {"{\"models\": [\n{\"model\": \"m\", \"input\": 1, \"output\": 1, \"cache-read\": 1}]}", 2, "m", "cache-read", "no such field"},
		"unknown field":  {`{"prices": []}`, 1, "", "prices", "no such field"},
		"other unit":     {`{"unit": "USD per token", "models": []}`, 1, "", "unit", "USD per 1,000,000 tokens"},
		"no name":        {`{"models": [{"input": 1, "output": 1}]}`, 1, "", "model", "missing"},
		"empty name":     {`{"models": [{"model": "", "input": 1, "output": 1}]}`, 1, "", "model", "want a name"},
		"no output":      {`{"models": [{"model": "m", "input": 1}]}`, 1, "m", "output", "missing"},
		"field twice":    {`{"models": [{"model": "m", "input": 1, "input": 1, "output": 1}]}`, 1, "m", "input", "twice"},
		"model twice":    {"{\"models\": [{\"model\": \"m\", \"input\": 1, \"output\": 1},\n{\"model\": \"m\", \"input\": 1, \"output\": 1}]}", 2, "m", "", "twice"},
		"by two names":   {`{"models": [{"model": "m", "provider": "azure", "input": 1, "output": 1}, {"model": "m", "provider": "azure.ai.openai", "input": 1, "output": 1}]}`, 1, "m", "", "twice"},
		"negative":       {`{"models": [{"model": "m", "input": -1, "output": 1}]}`, 1, "m", "input", "0 or more"},
		"minus nothing":  {`{"models": [{"model": "m", "input": -0, "output": 1}]}`, 1, "m", "input", "0 or more"},
		"text":           {`{"models": [{"model": "m", "input": "1", "output": 1}]}`, 1, "m", "input", "want a number"},
		"not a number":   {`{"models": [{"model": "m", "input": NaN, "output": 1}]}`, 1, "m", "input", "JSON"},
		"object":         {`{"models": [{"model": "m", "input": {}, "output": 1}]}`, 1, "m", "input", "want a number"},
		"seven places":   {`{"models": [{"model": "m", "input": 0.0000001, "output": 1}]}`, 1, "m", "input", "six decimal places"},
		"too high":       {`{"models": [{"model": "m", "input": 100000.01, "output": 1}]}`, 1, "m", "input", "at most 100000"},
		"far too high":   {`{"models": [{"model": "m", "input": 1e999, "output": 1}]}`, 1, "m", "input", "at most 100000"},
		"no day":         {`{"models": [{"model": "m", "input": 1, "output": 1, "deprecated": "2026-02-30"}]}`, 1, "m", "deprecated", "a day"},
		"line in a name": {`{"models": [{"model": "m\nm", "input": 1, "output": 1}]}`, 1, "", "model", "one line"},
		"blanks":         {`{"models": [{"model": "m", "provider": " openai", "input": 1, "output": 1}]}`, 1, "m", "provider", "blanks"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pricing.Parse(strings.NewReader(test.text))
			var parse *pricing.ParseError
			if !errors.As(err, &parse) {
				t.Fatalf("error %v", err)
			}
			if parse.Line != test.line || parse.Model != test.model || parse.Field != test.field || !strings.Contains(parse.Say, test.says) {
				t.Errorf("%v (%+v)", err, parse)
			}
		})
	}
}

func TestParseTakes(t *testing.T) {
	for text, want := range map[string]string{
		"0": "$0.00", "0.000001": "$0.000001", "1e-6": "$0.000001", "1.5e1": "$15.00", "15.6250000000": "$15.625", "100000": "$100,000.00", "0e-999": "$0.00", "null": "unknown",
	} {
		table := parse(t, `{"models": [{"model": "m", "input": `+text+`, "output": 1}]}`)
		if m, ok := table.LookUp("", "m"); !ok || m.Input.String() != want || m.Input.Known() != (text != "null") {
			t.Errorf("%s is %s, want %s", text, m.Input, want)
		}
	}
	if v := parse(t, `{"models": []}`).Version(); !strings.HasPrefix(v, "file-") || v == parse(t, `{"models":  []}`).Version() {
		t.Errorf("a table without a version is called %q", v)
	}
}

func TestParseFileNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.json")
	if err := os.WriteFile(file, []byte("{\n}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pricing.ParseFile(file); err == nil || err.Error() != `pricing: `+file+`, line 2, "models": the field is missing` {
		t.Errorf("error %v", err)
	}
	if _, err := pricing.ParseFile(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := pricing.ParseFile(dir); err == nil || strings.Contains(err.Error(), "line") {
		t.Errorf("a directory: %v", err)
	}
	broken := errors.New("broken")
	if _, err := pricing.Parse(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a reader that fails: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"version": "v", "unit": "USD per 1,000,000 tokens", "models": [{"model": "m", "provider": "p", "input": 1.5, "output": null, "cache_read": 1e-3, "deprecated": "2026-01-02"}]}`)
	f.Add(`{"models": [{"model": "m", "input": -1, "output": 1}]}`)
	f.Add("{\n\"models\": [null]}")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := pricing.Parse(strings.NewReader(text))
		if err != nil {
			var parse *pricing.ParseError
			if !errors.As(err, &parse) || parse.Line < 1 || parse.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("error %v", err)
			}
			return
		}
		for _, m := range table.Models() {
			got, ok := table.LookUp(m.Provider, m.Name)
			if !ok || got.Model != m {
				t.Fatalf("%q of %q is %+v", m.Name, m.Provider, got)
			}
			if x := table.Explain(m.Provider, m.Name, small); x.Err == nil && x.Total < 0 {
				t.Fatalf("costs %d", x.Total)
			}
		}
	})
}
