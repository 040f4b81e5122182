package sentrial_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	rowLine = regexp.MustCompile(`(?m)^\| (\d+) \|.*$`)
	rowFile = regexp.MustCompile(`\]\(\.\./([^)]+_test\.go)\)`)
	rowTest = regexp.MustCompile(`(?m)^func (?:Test|Fuzz)Row(\d\d)[A-Z]`)
)

// documentedRows are the files that docs/faults.md names for each row.
func documentedRows(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, line := range rowLine.FindAllStringSubmatch(string(text), -1) {
		row := strings.Repeat("0", 2-len(line[1])) + line[1]
		for _, file := range rowFile.FindAllStringSubmatch(line[0], -1) {
			rows[row] = append(rows[row], file[1])
		}
	}
	return rows
}

// testedRows are the files of the repository with tests of each row.
func testedRows(t *testing.T) map[string][]string {
	t.Helper()
	rows := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		for _, test := range rowTest.FindAllStringSubmatch(string(source), -1) {
			if file := filepath.ToSlash(name); !slices.Contains(rows[test[1]], file) {
				rows[test[1]] = append(rows[test[1]], file)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestFaultsAreDocumentedAndTested: docs/faults.md names the very files that test each row.
func TestFaultsAreDocumentedAndTested(t *testing.T) {
	documented, tested := documentedRows(t), testedRows(t)
	if len(documented) < 50 {
		t.Errorf("the table in docs/faults.md has %d rows", len(documented))
	}
	for row, files := range tested {
		for _, file := range files {
			if !slices.Contains(documented[row], file) {
				t.Errorf("docs/faults.md, row %s: %s is missing", row, file)
			}
		}
	}
	for row, files := range documented {
		for _, file := range files {
			if !slices.Contains(tested[row], file) {
				t.Errorf("docs/faults.md, row %s: %s has no test of that row", row, path.Base(file))
			}
		}
	}
}
