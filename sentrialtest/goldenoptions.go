package sentrialtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// GoldenOption says what of a trace goes into a golden file.
type GoldenOption interface{ applyGolden(*goldenSettings) }

type goldenOption func(*goldenSettings)

func (f goldenOption) applyGolden(s *goldenSettings) { f(s) }

// Fold writes * in place of these fields, for what differs from run to run. A field is called by its name on the wire; dots lead into objects, and into each
// element of a list: "tool_output", "metadata.request_id", "messages.parts.id".
func Fold(fields ...string) GoldenOption {
	return goldenOption(func(s *goldenSettings) { s.folded = append(s.folded, fields...) })
}

// FoldEvents lets f change each event before it is written, for what Fold cannot say. f gets a copy; the event's place in the trace stays.
func FoldEvents(f func(*types.Event)) GoldenOption {
	return goldenOption(func(s *goldenSettings) { s.edits = append(s.edits, f) })
}

// Keep writes fields that are left out or * by default: timestamp (as the time since the session began), duration_ms, time_to_first_token_ms and stack_trace,
// for tests in a bubble, where times are exact; cost where it was estimated, and what marks it; id, parent_id, session_id, seq, trace_id and span_id.
func Keep(fields ...string) GoldenOption {
	return goldenOption(func(s *goldenSettings) {
		for _, name := range fields {
			if !slices.Contains(leftOut, name) && name != stackTrace && name != cost {
				s.mistakes = append(s.mistakes, fmt.Sprintf("Keep: %q is never left out", name))
			}
			s.kept = append(s.kept, name)
		}
	})
}

// Unordered sorts what is directly inside of what is at the paths by its text, for branches that run at the same time and take none. In says how paths are
// written.
func Unordered(paths ...string) GoldenOption {
	return goldenOption(func(s *goldenSettings) {
		for _, text := range paths {
			p, err := parsePath(text)
			if err != nil {
				s.mistakes = append(s.mistakes, fmt.Sprintf("Unordered: path %q: %v", text, err))
			}
			s.unordered = append(s.unordered, p)
		}
	})
}

const (
	timestamp  = "timestamp"
	stackTrace = "stack_trace"
	cost       = "cost"
)

// leftOut is the part of an envelope that differs from run to run, or is told in another way.
var leftOut = []string{"id", "session_id", "parent_id", "seq", timestamp, "duration_ms", "trace_id", "span_id", "time_to_first_token_ms"}

type goldenSettings struct {
	folded, kept []string
	edits        []func(*types.Event)
	unordered    []path
	mistakes     []string
}

func goldenSetup(opts []GoldenOption) *goldenSettings {
	s := &goldenSettings{}
	for _, o := range opts {
		if o != nil {
			o.applyGolden(s)
		}
	}
	if !slices.Contains(s.kept, stackTrace) {
		s.folded = append(s.folded, stackTrace)
	}
	return s
}

func (s *goldenSettings) leavesOut(field string) bool {
	return (slices.Contains(leftOut, field) || field == "type" || field == "status") && !slices.Contains(s.kept, field)
}

// free reports whether what is directly inside of n has no order.
func (s *goldenSettings) free(n *node) bool {
	return slices.ContainsFunc(s.unordered, func(p path) bool { return p.leadsTo(n) })
}

// star stands for a folded value.
type star struct{}

// MarshalJSON is for a value inside of others.
func (star) MarshalJSON() ([]byte, error) { return []byte(`"*"`), nil }

// foldIn puts stars into a value, which is as asJSON gives it, at the place that names lead to.
func foldIn(value any, names []string) any {
	if len(names) == 0 {
		return star{}
	}
	switch v := value.(type) {
	case map[string]any:
		if inner, ok := v[names[0]]; ok {
			v[names[0]] = foldIn(inner, names[1:])
		}
	case []any:
		for i := range v {
			v[i] = foldIn(v[i], names)
		}
	}
	return value
}

// starred is a field of an event as the settings want it.
func (s *goldenSettings) starred(field string, value any) any {
	for _, f := range s.folded {
		if names := strings.Split(f, "."); names[0] == field {
			value = foldIn(value, names[1:])
		}
	}
	return value
}
