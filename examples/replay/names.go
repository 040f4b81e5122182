package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxName leaves room for the positions within the 128 characters of an id.
const maxName = 80

var notInIDs = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// idName is a file's part of the ids: its base name without .json and .gz. A name with characters that ids do not have is told apart from others that
// would look the same by a hash.
func idName(path string) string {
	base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".json")
	name := notInIDs.ReplaceAllString(base, "_")
	if name == base && len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(base))
	return name[:min(len(name), maxName)] + "-" + hex.EncodeToString(sum[:4])
}

// sessionID and eventID follow from the position in the file alone, so that a second replay adds nothing. Runs count from 0, as in the array, and events
// from 1, as seq does.
func (s source) sessionID(run int) string { return fmt.Sprintf("sess_%s.%04d", s.name, run) }

func (s source) eventID(run int, seq int64) string {
	return fmt.Sprintf("evt_%s.%04d.%04d", s.name, run, seq)
}

// sources names the files. Two that would share their ids are refused: the server would take the second for a repetition of the first.
func sources(paths []string) ([]source, error) {
	seen := make(map[string]string, len(paths))
	var all []source
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		s := source{path: path, name: idName(path), modTime: info.ModTime().UTC()}
		if other, ok := seen[s.name]; ok {
			return nil, fmt.Errorf("%s and %s have the same name, from which ids are made; rename one", other, path)
		}
		seen[s.name] = path
		all = append(all, s)
	}
	return all, nil
}
