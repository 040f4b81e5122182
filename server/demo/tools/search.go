package tools

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	searchDescription = "Finds the lines that contain a text, or match a regular expression (RE2). Counts all and shows the first ones as path, line number and text."
	searchSchema      = `{"type":"object","additionalProperties":false,"required":["query"],"properties":{
"query":{"type":"string","description":"text to find, letter case counts"},
"regex":{"type":"boolean","description":"the query is a regular expression"},
"pattern":{"type":"string","description":"only in files whose name matches this glob, such as *.go"},
"limit":{"type":"integer","description":"how many lines to show, 1 to 100; default 20"}}}`
)

const (
	maxQuery       = 500     // bytes
	maxSearched    = 1 << 20 // bytes: bigger files are left out
	maxLineShown   = 200     // bytes
	defaultMatches = 20
	maxMatches     = 100
	binaryProbe    = 8000 // bytes, among which a NUL means that the file is no text
)

type searchInput struct {
	Query   string `json:"query"`
	Regex   bool   `json:"regex"`
	Pattern string `json:"pattern"`
	Limit   int    `json:"limit"`
}

// Matches is the result of search_files: Total and InFiles count all matching lines, Matches holds the first ones. Skipped counts the files left out
// because they are bigger than 1 MiB, no text, or could not be read.
type Matches struct {
	Matches []Match `json:"matches"`
	Total   int     `json:"total"`
	InFiles int     `json:"in_files"`
	Skipped int     `json:"skipped"`
}

// Match is one line; Line counts from 1.
type Match struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

func (s *Set) search(ctx context.Context, in searchInput) (*Matches, error) {
	expr, err := in.compile()
	if err != nil {
		return nil, err
	}
	out := &Matches{Matches: []Match{}}
	limit := bounded(in.Limit, defaultMatches, maxMatches)
	err = s.walk(ctx, "", in.Pattern, func(name string, size int64) error {
		text, err := s.text(name, size)
		if err != nil {
			out.Skipped++
			return nil //nolint:nilerr // counted: one unreadable file must not hide the others
		}
		out.add(name, text, expr, limit)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// compile turns the query into a regular expression; matching one takes time linear in the text.
func (in searchInput) compile() (*regexp.Regexp, error) {
	if in.Query == "" || len(in.Query) > maxQuery {
		return nil, fmt.Errorf("query: want 1 to %d bytes, got %d", maxQuery, len(in.Query))
	}
	if !in.Regex {
		return regexp.Compile(regexp.QuoteMeta(in.Query))
	}
	expr, err := regexp.Compile(in.Query)
	if err != nil {
		return nil, fmt.Errorf("query %q is no regular expression: %w", in.Query, err)
	}
	return expr, nil
}

var errNoText = errors.New("not a text of at most 1 MiB")

// text is the whole of a file that is small enough to search and looks like text.
func (s *Set) text(name string, size int64) ([]byte, error) {
	if size > maxSearched {
		return nil, errNoText
	}
	f, err := s.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSearched))
	if err == nil && bytes.IndexByte(text[:min(len(text), binaryProbe)], 0) >= 0 {
		err = errNoText
	}
	return text, err
}

// add counts the lines of text that match and keeps them while there is room.
func (m *Matches) add(name string, text []byte, expr *regexp.Regexp, limit int) {
	before := m.Total
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxSearched+1)
	for n := 1; lines.Scan(); n++ {
		if !expr.Match(lines.Bytes()) {
			continue
		}
		if m.Total++; len(m.Matches) < limit {
			m.Matches = append(m.Matches, Match{Path: name, Line: n, Text: shorten(lines.Text(), maxLineShown)})
		}
	}
	if m.Total > before {
		m.InFiles++
	}
}

// shorten cuts a text to at most n bytes between two characters, and says so.
func shorten(text string, n int) string {
	if text = strings.ToValidUTF8(text, "\uFFFD"); len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}
