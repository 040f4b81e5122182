package sentinel

import (
	"encoding/json"
	"strconv"
	"strings"
)

// fields are those of a reply whose names are not certain.
type fields map[string]json.RawMessage

// text gives the first of the names that has a text, or a number, which an id may be.
func (f fields) text(names []string) string {
	for _, name := range names {
		if text := textOf(f[name]); text != "" {
			return text
		}
	}
	return ""
}

// content is text that may also be inside an object: {"message": {"role": "assistant", "content": "..."}}.
func (f fields) content(names []string) string {
	for _, name := range names {
		var inner fields
		if text := textOf(f[name]); text != "" {
			return text
		}
		if json.Unmarshal(f[name], &inner) == nil && inner.text(names) != "" {
			return inner.text(names)
		}
	}
	return ""
}

// number gives the first of the names that has one, also as a text: 45, "45" and "45%".
func (f fields) number(names []string) *float64 {
	for _, name := range names {
		text := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(textOf(f[name])), "%"))
		if n, err := strconv.ParseFloat(text, 64); err == nil && n >= 0 && n <= 100 {
			return &n
		}
	}
	return nil
}

func textOf(raw json.RawMessage) string {
	var text string
	var number json.Number
	switch {
	case len(raw) == 0:
		return ""
	case json.Unmarshal(raw, &text) == nil:
		return text
	case json.Unmarshal(raw, &number) == nil:
		return number.String()
	}
	return ""
}
