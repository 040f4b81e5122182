package sqlite

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver
)

// busyTimeout is how long, in milliseconds, a connection waits for one of another process.
const busyTimeout = "busy_timeout(5000)"

// commonPragmas hold for every connection.
var commonPragmas = []string{busyTimeout, "temp_store(MEMORY)", "mmap_size(0)"}

// Negative cache sizes are KiB. What the writer deletes is overwritten, or it could be read in the file until its place is used again.
var (
	writerPragmas = []string{"cache_size(-65536)", "journal_size_limit(67108864)", "wal_autocheckpoint(4000)", "foreign_keys(0)", "secure_delete(1)"}
	readerPragmas = []string{"cache_size(-16384)", "query_only(1)"}
)

// locate returns the absolute path of a database file.
func locate(path string) (string, error) {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return "", errors.New("a file name is needed: several connections share the store")
	}
	return filepath.Abs(path)
}

// dsn names file to the driver. The path is escaped, so that '?', '#' and '%' in it are letters like any other.
func dsn(file, query string, pragmas ...string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	u := url.URL{Scheme: "file", Path: path}
	var q strings.Builder
	q.WriteString("_txlock=immediate&_dqs=0&_error_rc=1")
	if query != "" {
		q.WriteString("&" + query)
	}
	for _, list := range [][]string{commonPragmas, pragmas} {
		for _, p := range list {
			q.WriteString("&_pragma=" + url.QueryEscape(p))
		}
	}
	u.RawQuery = q.String()
	return u.String()
}
