package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// readSums reads the lines of dir's go.sum; a module without dependencies has none.
func readSums(dir string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return slices.DeleteFunc(strings.Split(string(data), "\n"), func(line string) bool { return line == "" }), nil
}

func writeSums(dir string, sums []string) error {
	name := filepath.Join(dir, "go.sum")
	if len(sums) == 0 {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return os.WriteFile(name, []byte(strings.Join(sums, "\n")+"\n"), 0o644)
}

var unread = regexp.MustCompile(`(\S+)@(v\S+?): reading `)

// unavailable finds in tidy's messages the module versions that it could not download, as go.sum names them: "path version".
func unavailable(messages string) []string {
	var missing []string
	for _, m := range unread.FindAllStringSubmatch(messages, -1) {
		missing = append(missing, m[1]+" "+m[2])
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// keepUnavailable adds to tidy's lines the committed lines of module versions that tidy could not download.
func keepUnavailable(tidy, committed, missing []string) []string {
	kept := slices.Clone(tidy)
	for _, line := range committed {
		if ofAny(line, missing) && !slices.Contains(kept, line) {
			kept = append(kept, line)
		}
	}
	slices.Sort(kept)
	return kept
}

// ofAny says whether a go.sum line is about one of the module versions: "path version h1:…" or "path version/go.mod h1:…".
func ofAny(line string, versions []string) bool {
	return slices.ContainsFunc(versions, func(version string) bool {
		return strings.HasPrefix(line, version+" ") || strings.HasPrefix(line, version+"/go.mod ")
	})
}
