package sentrial_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var testName = regexp.MustCompile("`((?:Test|Fuzz|Example)[A-Za-z0-9_]*)(…?)`")

// TestPlatformsDocNamesTests: every test that docs/platforms.md names is there, and in tables that have a column for tests every row has one.
func TestPlatformsDocNamesTests(t *testing.T) {
	text := platformsDoc(t)
	sources := testSources(t, "clients", "server", "examples/platforms", "internal/platform")
	names := testName.FindAllStringSubmatch(text, -1)
	for _, name := range names {
		begin := "func " + name[1]
		if name[2] == "" {
			begin += "("
		}
		if !strings.Contains(sources, begin) {
			t.Errorf("docs/platforms.md names %s, which is nowhere", name[1])
		}
	}
	if len(names) < 100 {
		t.Errorf("%d tests are named, which cannot be a row for everything", len(names))
	}
	for _, row := range rowsWithTests(text) {
		if cells := strings.Split(strings.Trim(row, "| "), "|"); !testName.MatchString(cells[len(cells)-1]) {
			t.Errorf("no test in the row %s", row)
		}
	}
}

// platformsDoc is docs/platforms.md, and what it has in files of their own.
func platformsDoc(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("docs/platforms*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no docs/platforms.md, %v", err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// rowsWithTests are the rows of all tables whose last column is "test".
func rowsWithTests(text string) (rows []string) {
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			inside = false
		case strings.HasSuffix(line, "| test |"):
			inside = true
		case inside && !strings.HasPrefix(line, "|---"):
			rows = append(rows, line)
		}
	}
	return rows
}

// testSources is the text of all tests in the folders.
func testSources(t *testing.T, folders ...string) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			all.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
