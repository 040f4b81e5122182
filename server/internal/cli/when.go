package cli

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// isBack reports whether value is a duration before now, as the API takes it: 90m, 1h30m, 7d, 1d12h.
func isBack(value string) bool {
	days, rest, found := strings.Cut(value, "d")
	if !found {
		days, rest = "0", value
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil || (rest == "" && n == 0) {
		return false
	}
	if rest == "" {
		return true
	}
	d, err := time.ParseDuration(rest)
	return err == nil && d >= 0 && (d > 0 || n > 0)
}

// back is the duration of a value that [isBack].
func back(value string) time.Duration {
	days, rest, found := strings.Cut(value, "d")
	if !found {
		days, rest = "0", value
	}
	n, _ := strconv.ParseUint(days, 10, 16)
	d, _ := time.ParseDuration(rest) // 0 of nothing
	return time.Duration(n)*24*time.Hour + d
}

// when checks a point in time and returns it as the API takes it: RFC 3339, a date (midnight UTC) or a duration back.
// A duration stays one: a cursor is bound to the filter's very words.
func when(flag, value string) (string, error) {
	if isBack(value) {
		return value, nil
	}
	if _, err := time.Parse(time.RFC3339, value); err == nil {
		return value, nil
	}
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return t.Format(time.RFC3339), nil
	}
	return "", usage("", "--%s %q: expected a duration back (90m, 24h, 7d), a date (2026-01-31) or a time (2026-01-31T15:04:05Z)", flag, value)
}

// addSpan gives cmd the flags that choose a span of time.
func addSpan(cmd *cobra.Command) {
	cmd.Flags().String("last", "", "begun within this long: 90m, 24h, 7d (short for --since)")
	cmd.Flags().String("since", "", "begun at or after: a duration back, a date or an RFC 3339 time")
	cmd.Flags().String("until", "", "begun before")
	cmd.MarkFlagsMutuallyExclusive("last", "since")
}

// span adds what addSpan's flags say to query.
func span(cmd *cobra.Command, query url.Values) error {
	for _, flag := range []string{"last", "since", "until"} {
		value, _ := cmd.Flags().GetString(flag)
		if value == "" {
			continue
		}
		checked, err := when(flag, value)
		if err != nil {
			return err
		}
		if flag == "last" {
			if !isBack(value) {
				return usage("", "--last %q: expected a duration, such as 90m, 24h or 7d", value)
			}
			flag = "since"
		}
		query.Set(flag, checked)
	}
	return nil
}
