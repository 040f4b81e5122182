package sentrialtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/sentrial/sentrial-go/types"
)

// sessionLines are the title of a session and the fields that it began with.
func (s *goldenSettings) sessionLines(n, first *node) []string {
	if first == nil {
		return []string{title("session", n.name, n.session.Status)}
	}
	e, err := s.edited(first.event)
	if err != nil {
		return []string{err.Error()}
	}
	return append([]string{title("session", e.Session.Name, n.session.Status)}, s.fields(e, first, "name")...)
}

// eventLines are the title and the fields of an event.
func (s *goldenSettings) eventLines(n *node) []string {
	e, err := s.edited(n.event)
	if err != nil {
		return []string{err.Error()}
	}
	kind, name, told := label(e)
	return append([]string{title(kind, name, e.Status)}, s.fields(e, n, told)...)
}

// edited is a copy of the event that the test's functions have changed.
func (s *goldenSettings) edited(recorded *types.Event) (*types.Event, error) {
	text, err := json.Marshal(recorded)
	e := new(types.Event)
	if err == nil {
		err = json.Unmarshal(text, e)
	}
	if err != nil {
		return nil, err
	}
	if !slices.Contains(s.kept, cost) {
		withoutEstimate(e)
	}
	for _, edit := range s.edits {
		edit(e)
	}
	return e, nil
}

func title(kind, name string, status types.Status) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		name = fmt.Sprintf("%q", name)
	}
	if status == "" {
		return called(kind, name)
	}
	return called(kind, name) + ": " + string(status)
}

// fields are those of an event but the one that its title told.
func (s *goldenSettings) fields(e *types.Event, n *node, told string) (lines []string) {
	names, values := members(e)
	for _, name := range names {
		orphaned := name == "parent_id" && n.orphan
		if name == told || s.leavesOut(name) && !orphaned {
			continue
		}
		value := values[name]
		if name == timestamp {
			value = bare("+" + e.Timestamp.Sub(n.root().began()).String())
		}
		lines = append(lines, fieldLines(name, s.starred(name, value))...)
	}
	return lines
}

// members gives the fields of an event by name, and the names in the order of the wire.
func members(e *types.Event) (names []string, values map[string]any) {
	text, err := json.Marshal(e)
	if err != nil {
		return []string{"error"}, map[string]any{"error": err.Error()}
	}
	values = make(map[string]any)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	_, _ = d.Token() // the opening brace: the text was just made
	for d.More() {
		name, _ := d.Token()
		var value any
		_ = d.Decode(&value)
		names = append(names, name.(string))
		values[name.(string)] = value
	}
	return names, values
}

// bare is text that is written without quotes.
type bare string

const widest = 100

// fieldLines writes a field: in one line, a line for each of its text, or as JSON over several lines where it is long.
func fieldLines(name string, value any) []string {
	switch v := value.(type) {
	case star:
		return []string{"  " + name + ": *"}
	case bare:
		return []string{"  " + name + ": " + string(v)}
	case string:
		if isProse(v) {
			return append([]string{"  " + name + ":"}, indented(v, "    | ")...)
		}
		return []string{"  " + name + ": " + jsonText(v)}
	}
	text := jsonText(value)
	if len(text) <= widest {
		return []string{"  " + name + ": " + text}
	}
	var b bytes.Buffer
	_ = json.Indent(&b, []byte(text), "", "  ") // it was just made
	return append([]string{"  " + name + ":"}, indented(b.String(), "    ")...)
}

// isProse: text of several lines that can be shown as it is. Spaces at the end of a line cannot.
func isProse(text string) bool {
	return strings.Contains(text, "\n") && !strings.Contains(text+"\n", " \n") && !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) })
}

func indented(text, by string) (lines []string) {
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, by+line)
	}
	return lines
}
