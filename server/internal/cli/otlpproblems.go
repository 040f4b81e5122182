package cli

import (
	"fmt"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/format"
)

// problem is what makes a command fail that has read all the same what can be read; nil when all could.
func (f *otlpFound) problem() *problem {
	var what []string
	if f.Unreadable > 0 {
		what = append(what, format.Plural(f.Unreadable, "piece")+" of the files could not be read")
	}
	if f.RejectedSpans > 0 {
		what = append(what, format.Count(f.RejectedSpans)+" of the spans and records say what cannot be")
	}
	if len(what) == 0 {
		return nil
	}
	var hint strings.Builder
	for _, p := range f.Problems {
		fmt.Fprintf(&hint, "%s: ", p.File)
		if p.At != "" {
			fmt.Fprintf(&hint, "%s: ", p.At)
		}
		hint.WriteString(p.Message + "\n")
	}
	return &problem{exit: exitFailed, what: strings.Join(what, ", "), hint: strings.TrimSuffix(hint.String(), "\n"), code: "unreadable"}
}

// failure is problem as an error.
func (f *otlpFound) failure() error {
	if p := f.problem(); p != nil {
		return p
	}
	return nil
}
