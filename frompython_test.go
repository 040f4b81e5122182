package sentrial_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pageSection is what stands below a heading of docs/from-python.md, up to the next one.
type pageSection struct {
	heading, text string
	around        string // the text of the section that it is a part of
}

var pageHeading = regexp.MustCompile(`(?m)^(##|###) (.+)$`)

// pythonPage gives the sections of the page; the first one, without a heading, is the introduction.
func pythonPage(t *testing.T) []pageSection {
	t.Helper()
	page := readText(t, "docs/from-python.md")
	heads := pageHeading.FindAllStringSubmatchIndex(page, -1)
	if len(heads) == 0 {
		t.Fatal("docs/from-python.md has no headings")
	}
	sections := []pageSection{{text: page[:heads[0][0]]}}
	around := ""
	for i, head := range heads {
		end := len(page)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		s := pageSection{heading: page[head[4]:head[5]], text: page[head[1]:end]}
		if page[head[2]:head[3]] == "##" {
			around = s.text
		} else {
			s.around = around
		}
		sections = append(sections, s)
	}
	return sections
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tableRows gives the rows of all tables in a text, each by the heads of its columns.
func tableRows(text string) (rows []map[string]string) {
	var heads []string
	for line := range strings.Lines(text) {
		inner, isRow := strings.CutPrefix(strings.TrimSpace(line), "|")
		cells := strings.Split(strings.TrimSuffix(inner, "|"), "|")
		switch {
		case !isRow:
			heads = nil
		case heads == nil:
			heads = cells
		case !strings.HasPrefix(inner, "---"):
			row := map[string]string{}
			for i, head := range heads {
				row[strings.TrimSpace(head)] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, row)
		}
	}
	return rows
}

var (
	codeBlock = regexp.MustCompile("(?ms)^```.*?^```$")
	codeSpan  = regexp.MustCompile("`([^`]+)`")
)

// codeSpans gives what a text has between backquotes, but for whole blocks.
func codeSpans(text string) (spans []string) {
	for _, span := range codeSpan.FindAllStringSubmatch(codeBlock.ReplaceAllString(text, ""), -1) {
		spans = append(spans, span[1])
	}
	return spans
}

// documentedNames are the names that the tables of the page list under each of the keys, which are methods or routes. A key is the heading of the section, or has a
// column of its own, where it holds for the rows below too.
func documentedNames(t *testing.T, keys map[string]signature) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	for _, s := range pythonPage(t) {
		key := strings.Trim(s.heading, "`")
		for _, row := range tableRows(s.text) {
			for _, column := range []string{"method", "route"} {
				if span := codeSpans(row[column]); len(span) > 0 {
					key = span[0]
				}
			}
			if _, isKey := keys[key]; isKey {
				names[key] = append(names[key], codeSpans(row["Python"]+row["field"])...)
			}
		}
		for _, span := range codeSpans(s.around) { // what the methods of a section have in common is said once
			if keys[key].has(span) {
				names[key] = append(names[key], span)
			}
		}
	}
	return names
}

// signature is what a method or a route takes and gives back, by name.
type signature struct{ takes, gives []string }

func (s signature) has(name string) bool {
	return slices.Contains(s.takes, name) || slices.Contains(s.gives, name)
}

// namesOf reads a list of testdata: on each line a key, a colon, what it takes, and perhaps an arrow and what it gives.
func namesOf(t *testing.T, file string) map[string]signature {
	t.Helper()
	names := map[string]signature{}
	for line := range strings.Lines(readText(t, file)) {
		if key, list, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") {
			takes, gives, _ := strings.Cut(list, "->")
			names[key] = signature{strings.Fields(takes), strings.Fields(gives)}
		}
	}
	if len(names) == 0 {
		t.Fatalf("%s names nothing", file)
	}
	return names
}

// TestPythonPageIsComplete: the tables of the page have a row for every name that the Python SDK and the hosted wire know, and none for others.
func TestPythonPageIsComplete(t *testing.T) {
	for _, file := range []string{"testdata/python-sdk.txt", "testdata/hosted-wire.txt"} {
		want := namesOf(t, file)
		got := documentedNames(t, want)
		for _, key := range slices.Sorted(maps.Keys(want)) {
			for _, name := range slices.Concat(want[key].takes, want[key].gives) {
				if !slices.Contains(got[key], name) {
					t.Errorf("docs/from-python.md, %s: %s is missing", key, name)
				}
			}
			for _, name := range got[key] {
				if !want[key].has(name) {
					t.Errorf("docs/from-python.md, %s: %s is not in %s", key, name, file)
				}
			}
		}
	}
}

var (
	goName = regexp.MustCompile(`\b[A-Z][A-Za-z]*(?:\.[A-Z]\w*)?\b`)
	// notOurs is what code spans have beside our names: texts, commands, variables and what other packages declare.
	notOurs = regexp.MustCompile(`"[^"]*"|SENTRIAL_\w+|X-Sentrial-\w+|sentrial sessions .*|\b(?:time|fs|debug)\.\w+`)
)

// TestPythonPageNamesWhatExists: every Go name in the tables and texts of the page is in the public API.
func TestPythonPageNamesWhatExists(t *testing.T) {
	api := map[string]bool{}
	for _, name := range regexp.MustCompile(`\w+(\.\w+)?`).FindAllString(readText(t, "api/public-api.txt"), -1) {
		_, member, _ := strings.Cut(name, ".")
		api[name], api[member] = true, true
	}
	for _, name := range declaredIn(t, "integrations/langchaingo") {
		api[name] = true
	}
	seen := 0
	for _, s := range pythonPage(t) {
		for _, span := range codeSpans(s.aboutGo()) {
			for _, name := range goName.FindAllString(notOurs.ReplaceAllString(span, ""), -1) {
				seen++
				if !api[name] {
					t.Errorf("docs/from-python.md, %q: `%s` names %s, which is not in api/public-api.txt or the integration", s.heading, span, name)
				}
			}
		}
	}
	if seen < 150 {
		t.Errorf("%d Go names were found on the page, want 150 at least", seen)
	}
}

// declaredIn gives the functions of a package that is a module of its own and not in the snapshot of the API.
func declaredIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, declared := range regexp.MustCompile(`(?m)^func ([A-Z]\w*)`).FindAllStringSubmatch(readText(t, file), -1) {
			names = append(names, declared[1])
		}
	}
	return names
}

// aboutGo is the text without its code blocks and without the columns that name what is not Go.
func (s *pageSection) aboutGo() string {
	text := regexp.MustCompile(`(?m)^\|.*$`).ReplaceAllString(s.text, "")
	for _, row := range tableRows(s.text) {
		for head, cell := range row {
			if head == "Go" || strings.HasPrefix(head, "Go,") || head == "what is different" {
				text += cell + "\n"
			}
		}
	}
	return text
}
