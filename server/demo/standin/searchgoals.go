package standin

import (
	"fmt"
	"regexp"
	"strings"
)

// definition answers "where is X defined?": by the keywords that define, then by the bare name.
func definition(name string) goal {
	return func(w *walk) (string, error) {
		expr := `\b(func(\s*\([^)]*\))?|type|var|const|def|class|interface)\s+` + regexp.QuoteMeta(name) + `\b`
		found, err := w.call(proposal{
			tool: "search_files", args: map[string]any{"query": expr, "regex": true, "limit": 5}, about: "definition of " + name,
			why: "A definition has a keyword before the name.", otherwise: []string{"search_files " + name, "list_files"}, confidence: 0.9,
		})
		if err != nil {
			return "", err
		}
		if hits := found.matches(); !found.failed() && hits.Total > 0 {
			return fmt.Sprintf("%s is defined at %s.", name, places(hits)), nil
		}
		return mentions(name)(w)
	}
}

// mentions answers "which files mention X?".
func mentions(text string) goal {
	return func(w *walk) (string, error) {
		found, err := w.call(proposal{
			tool: "search_files", args: map[string]any{"query": text, "limit": 5}, about: text,
			why: "A search for the words themselves finds every mention.", otherwise: []string{"list_files", "answer that it is not known"}, confidence: 0.8,
		})
		if err != nil || found.failed() {
			return "The files cannot be searched.", err
		}
		hits := found.matches()
		if hits.Total == 0 {
			return fmt.Sprintf("Nothing here mentions %s.", text), nil
		}
		return fmt.Sprintf("%s is on %d lines of %d files, first at %s.", text, hits.Total, hits.InFiles, places(hits)), nil
	}
}

// keywords answers any other question: it searches for the longest word and reads around the first place.
func keywords(question string) goal {
	word := longest(question)
	return func(w *walk) (string, error) {
		if len(w.offered) == 0 || word == "" {
			return "I am a rule-based stand-in for a model: without tools, or a word to search for, this is all I can say.", nil
		}
		found, err := w.call(proposal{
			tool: "search_files", args: map[string]any{"query": word, "limit": 5}, about: word,
			why: "No rule fits the question; its longest word is the likeliest to lead somewhere.", otherwise: []string{"list_files", "answer that it is not known"}, confidence: 0.4,
		})
		if err != nil {
			return "", err
		}
		hits := found.matches()
		if found.failed() || len(hits.Matches) == 0 {
			return fmt.Sprintf("I found nothing about %s.", word), nil
		}
		return w.around(word, hits)
	}
}

// around reads the lines near the first place found.
func (w *walk) around(word string, hits matches) (string, error) {
	first := hits.Matches[0]
	got, err := w.call(proposal{
		tool: "read_file", args: map[string]any{"path": first.Path, "start_line": max(first.Line-5, 1), "max_lines": 20}, about: fmt.Sprintf("%s:%d", first.Path, first.Line),
		why: "The lines around the first place found may answer.", otherwise: []string{"answer with the places found"}, confidence: 0.5,
	})
	if err != nil || got.failed() {
		return fmt.Sprintf("%s is on %d lines, first at %s.", word, hits.Total, places(hits)), err
	}
	return fmt.Sprintf("%s is on %d lines, first at %s, which reads: %s", word, hits.Total, places(hits), summary(got.content().Content)), nil
}

// places names up to three of the lines found.
func places(hits matches) string {
	var out []string
	for _, hit := range hits.Matches[:min(len(hits.Matches), 3)] {
		out = append(out, fmt.Sprintf("%s:%d", hit.Path, hit.Line))
	}
	return strings.Join(out, ", ")
}
