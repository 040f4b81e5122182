package langchaingo_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/tmc/langchaingo/chains"

	"github.com/sentrial/sentrial-go/integrations/langchaingo"
)

func jsonOf(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestVerbose(t *testing.T) {
	var said strings.Builder
	k := newKit(t, parts{handler: true, model: true, tool: true}, thinking, langchaingo.WithVerbose(&said))
	executor := k.executor(k.model(t, "openai", langchaingo.WithVerbose(&said)), k.tools(parcels, langchaingo.WithVerbose(&said)))
	must(t, k.run(t, func(ctx context.Context) error {
		_, err := chains.Run(ctx, executor, "How many parcels?")
		return err
	}))
	for _, want := range []string{
		"chain <- How many parcels?\n", "model gpt-4o -> Look first Action: find_order Action Input: A-18 (100+10 tokens)\n",
		"agent decides: find_order A-18\n", "tool find_order <- A-18\n", "tool find_order -> 6*7\n", "tool calculator -> 42\n", "agent -> 42 parcels\n", "chain -> 42 parcels\n",
	} {
		if strings.Count(said.String(), want) != 1 {
			t.Errorf("want once %q in:\n%s", want, &said)
		}
	}
	if strings.Contains(said.String(), "model <-") {
		t.Errorf("the handler tells of what the wrapped model does:\n%s", &said)
	}
	if strings.Contains(said.String(), "\x1b") {
		t.Error("there is colour, and no terminal")
	}
}

// A client that records nothing is no reason to print nothing.
func TestVerboseWithoutAClient(t *testing.T) {
	var said strings.Builder
	generate(t.Context(), langchaingo.WrapModel(modelFunc(hello), nil, langchaingo.WithVerbose(&said)))
	if !strings.Contains(said.String(), "model -> hello (3+1 tokens)\n") {
		t.Errorf("said %q", &said)
	}
}

// A file is no terminal.
func TestVerboseIntoAFile(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	must(t, err)
	defer func() { _ = f.Close() }()
	langchaingo.NewHandler(nil, langchaingo.WithVerbose(f)).HandleText(t.Context(), "hello\x1b[31m")
	said, err := os.ReadFile(f.Name())
	must(t, err)
	if string(said) != "text hello [31m\n" {
		t.Errorf("said %q", said)
	}
}

func FuzzOneLine(f *testing.F) {
	for _, seed := range []string{"", "a\nb", "\x1b[31mred", strings.Repeat("ü", 300), "\xff\xfe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := langchaingo.OneLine(text)
		if strings.ContainsFunc(line, unicode.IsControl) || len(line) > 300 || utf8.ValidString(text) && !utf8.ValidString(line) {
			t.Errorf("%q became %q", text, line)
		}
	})
}

func FuzzInputValue(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"a":1}`, " {", "[1]", "6*7", "{}\f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		switch v := langchaingo.InputValue(input).(type) {
		case string:
			if v != input {
				t.Errorf("%q became %q", input, v)
			}
		case map[string]any:
			if !json.Valid([]byte(strings.TrimSpace(input))) {
				t.Errorf("%q became %v", input, v)
			}
		}
	})
}
