package sentrial_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var testName = regexp.MustCompile("`((?:Test|Fuzz|Example)[A-Za-z0-9_]*)(…?)`")

// TestPlatformsDocNamesTests: every test that docs/platforms.md names is there, below clients/ or in the server.
func TestPlatformsDocNamesTests(t *testing.T) {
	text, err := os.ReadFile("docs/platforms.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := testSources(t, "clients", "server", "examples/platforms")
	names := testName.FindAllStringSubmatch(string(text), -1)
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
