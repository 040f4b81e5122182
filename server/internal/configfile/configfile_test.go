package configfile_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/configfile"
)

func TestSettingsAreReadAsTheyAreWritten(t *testing.T) {
	text := `# of the team's server
url: https://sentrial.example   # with a comment
api-key: "sntl_1 #x"
project: 007
rate-limit: 1_000
no-color: True
allow-host:
  - a.example
  - b.example
retain: [30d, "shop=90d"]
db:
`
	got, err := configfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []configfile.Setting{
		{Key: "url", Line: 2, Kind: configfile.Text, Values: []string{"https://sentrial.example"}},
		{Key: "api-key", Line: 3, Kind: configfile.Text, Values: []string{"sntl_1 #x"}},
		{Key: "project", Line: 4, Kind: configfile.Number, Values: []string{"007"}},
		{Key: "rate-limit", Line: 5, Kind: configfile.Number, Values: []string{"1_000"}},
		{Key: "no-color", Line: 6, Kind: configfile.Bool, Values: []string{"true"}},
		{Key: "allow-host", Line: 7, Kind: configfile.List, Values: []string{"a.example", "b.example"}},
		{Key: "retain", Line: 10, Kind: configfile.List, Values: []string{"30d", "shop=90d"}},
		{Key: "db", Line: 11, Kind: configfile.Null, Values: []string{""}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestAFileWithoutSettings(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing yet\n", "---\n"} {
		if got, err := configfile.Parse([]byte(text)); len(got) > 0 || err != nil {
			t.Errorf("%q = %v, %v", text, got, err)
		}
	}
}

func TestWhatIsWrongAndWhere(t *testing.T) {
	for text, want := range map[string]string{
		"url: a\nurl: b\n":             `line 2: mapping key "url" already defined at [1:1]`,
		"a: 1\nb: {c: 1}\n":            "line 2: b: expected a text",
		"a: &x secret\n":               "line 1: a: expected a text",
		"a: !!str secret\n":            "line 1: a: expected a text",
		"a: |\n  secret\n":             "line 1: a: expected a text",
		"a:\n - {b: secret}\n":         "line 2: a: expected a text",
		"a:\n - true\n":                "line 2: a: expected a text in the list, got true or false",
		"a:\n - x\n -\n":               "line 3: a: expected a text in the list, got nothing",
		"- a\n":                        "line 1: expected settings of the form `key: value`",
		"secret\n":                     "line 1: expected settings of the form `key: value`",
		"<<: {a: 1}\n":                 "line 1: expected the name of a setting before the colon",
		"a: b\n---\nc: d\n":            "line 3: a second document begins",
		"a: b\nb: \"secret\n":          "line 2: could not find end character",
		"a: b\nc: d: secret\n":         "line 2: mapping value is not allowed",
		"a: b\n\tc: secret\n":          "line 2: ",
		"a: b\nc d e secret\nf: g\n\n": "line ",
	} {
		_, err := configfile.Parse([]byte(text))
		var known *configfile.Error
		if !errors.As(err, &known) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v, want %q and nothing of what the file holds", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: b\n", "a: [1, x]\n", "a:\n - b\n", "a: \"b", "? x", "a: &b c", "{a: b}", "a: |\n b", "%YAML 1.2\n---\na: b", "a: *x", "<<: *x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := configfile.Parse([]byte(text))
		if err != nil && len(got) > 0 {
			t.Errorf("%q: settings beside the error %v", text, err)
		}
		seen := map[string]bool{}
		for _, s := range got {
			if seen[s.Key] || len(s.Values) != 1 && s.Kind != configfile.List {
				t.Errorf("%q: %v", text, got)
			}
			seen[s.Key] = true
		}
	})
}
