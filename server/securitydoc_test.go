package server_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	threatLine = regexp.MustCompile(`(?m)^\| (S?\d+) \|.*$`)
	namedTest  = regexp.MustCompile("`((?:Test|Fuzz)\\w+\\*?)`")
	testFunc   = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// allTests are the names of the tests of all modules.
func allTests(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		for _, f := range testFunc.FindAllSubmatch(source, -1) {
			names = append(names, string(f[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestThreatsAreTested: every threat in docs/security.md names tests, and those are there.
func TestThreatsAreTested(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests := allTests(t)
	rows := 0
	for _, line := range threatLine.FindAllStringSubmatch(string(text), -1) {
		rows++
		named := namedTest.FindAllStringSubmatch(line[0], -1)
		if len(named) == 0 {
			t.Errorf("%s names no test", line[1])
		}
		for _, name := range named {
			if !isThere(name[1], tests) {
				t.Errorf("%s: there is no %s", line[1], name[1])
			}
		}
	}
	if rows < 19 {
		t.Errorf("docs/security.md has %d threats", rows)
	}
	for _, test := range tests {
		if accessTest.MatchString(test) && !strings.Contains(string(text), "`"+test+"`") && !isThere(test, lesserTests) {
			t.Errorf("docs/security.md does not name %s", test)
		}
	}
}

// accessTest are the tests of who is kept out, which the document has to name but for those of details.
var (
	accessTest  = regexp.MustCompile(`^Test(S[1257]|Row7[67]|Row81)[A-Z]`)
	lesserTests = []string{"TestS2LastUseIsWrittenOnceAMinute", "TestS2AKeyAsItWasAskedFor", "TestS2BadKeyRequests", "TestS7TLSFilesThatAreNone", "TestRow81Defaults"}
)

func isThere(name string, tests []string) bool {
	start, several := strings.CutSuffix(name, "*")
	return slices.ContainsFunc(tests, func(test string) bool { return test == name || (several && strings.HasPrefix(test, start)) })
}
