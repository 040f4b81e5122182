package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxParam bounds a filter's text, in bytes.
const maxParam = 512

// params are a request's query parameters: known ones only, each once unless it is of those that may repeat.
type params struct {
	values url.Values
}

func readParams(r *http.Request, known []string, repeatable ...string) (params, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return params{}, invalid("the query string is malformed: %v", err)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case !slices.Contains(known, name) && !slices.Contains(repeatable, name):
			return params{}, invalid("parameter %s is not known here, these are: %s", quote(name), strings.Join(slices.Concat(known, repeatable), ", "))
		case len(values[name]) > 1 && !slices.Contains(repeatable, name):
			return params{}, invalid("parameter %s is given %d times", name, len(values[name]))
		case len(values.Get(name)) > maxParam && name != "cursor":
			return params{}, invalid("%s: expected at most %d bytes", name, maxParam)
		}
	}
	return params{values}, nil
}

func (p params) text(name string) string { return p.values.Get(name) }

// limit returns the number of rows asked for, at most most.
func (p params) limit(standard, most int) (int, error) {
	text := p.text("limit")
	if text == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, invalid("limit: expected a number from 1 to %d, got %s", most, quote(text))
	}
	return min(n, most), nil
}

// instant reads a point in time: RFC 3339, or a duration back from now. It is zero when the parameter is not given.
func (p params) instant(name string, now time.Time) (time.Time, error) {
	text := p.text(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, ok := parseInstant(text, now)
	if !ok {
		return time.Time{}, invalid("%s: expected an RFC 3339 time from 1970 to 2261 or a duration back such as 90m or 7d, got %s", name, quote(text))
	}
	return t, nil
}

func parseInstant(text string, now time.Time) (time.Time, bool) {
	if back, ok := parseBack(text); ok {
		t := now.Add(-back).UTC()
		return t, storable(t)
	}
	var t time.Time
	err := t.UnmarshalText([]byte(strings.ReplaceAll(text, " ", "+"))) // an unescaped plus arrives as a space
	return t.UTC(), err == nil && storable(t.UTC())
}

// parseBack reads a positive Go duration that may begin with days.
func parseBack(text string) (time.Duration, bool) {
	const day = 24 * time.Hour
	var total time.Duration
	days, rest, hasDays := strings.Cut(text, "d")
	if hasDays {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, false
		}
		total = time.Duration(n) * day
	} else {
		rest = text
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 || d > 1<<16*day {
			return 0, false
		}
		total += d
	}
	return total, total > 0
}

// span reads the parameters since and until.
func (s *Server) span(p params) (since, until time.Time, err error) {
	now := s.now()
	if since, err = p.instant("since", now); err != nil {
		return since, until, err
	}
	until, err = p.instant("until", now)
	return since, until, err
}

// list is the fingerprint of a list by all parameters that select its rows. A duration back counts as it is written, so that it stays the same
// as time passes.
func (p params) list(name, project string, known []string) string {
	parts := []string{name, project}
	for _, name := range known {
		if name != "limit" && name != "cursor" {
			parts = append(parts, p.text(name))
		}
	}
	return fingerprint(parts...)
}
