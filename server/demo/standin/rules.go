package standin

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// goal finds out one thing and says it in a sentence or two. Its only error is errAsk.
type goal func(*walk) (string, error)

// rule recognises something that can be found out. The more specific rules come first: the part of the question that a rule has recognised is no longer
// there for the next ones.
type rule struct {
	expr  *regexp.Regexp
	about func(string) goal
}

// Parts of the expressions below. A file is a path with an extension, or ends in one of the names that projects agree on.
const (
	fileWord = "`?" + `((?:[\w.-]+/)*(?:[\w.-]*\w\.[a-z]\w{0,4}\b|LICENSE|Makefile|Dockerfile))` + "`?"
	kindWord = `((?:\w+\s+){0,3}?)`
	nameWord = "`?" + `(?:\w+\.)*([A-Za-z_]\w*)` + "`?"
)

var rules = []rule{
	when(`(?i)how many lines\b[^?.]*?\s`+fileWord, linesOf),
	when(`(?i)how many lines(?:\s+of\s+(\w+))?`, linesOfKind),
	when(`(?i)where(?:'s|\s+is|\s+are)\s+(?:the\s+)?(?:\w+\s+)?`+nameWord+`\s+(?:defined|declared|implemented)`, definition),
	when(`(?i)definition of `+nameWord, definition),
	when(`(?i)\b(?:mention|contain)(?:s|ing)?\s+(?:the\s+(?:words?|text)\s+)?["“\x60]?([^"”\x60?\s]+)`, mentions),
	when(`(?i)\b(TODO|FIXME)s?\b`, mentions),
	when(`(\(*-?\d[\d.]*(?:\s*\)*\s*[-+*/%]\s*\(*\s*-?\d[\d.]*)+\)*)`, arithmetic),
	when(`(?i)average(?:\s+size of)?(?:\s+(?:a|the|its))?\s+`+kindWord+`files?`, averageSize),
	when(`(?i)how many\s+`+kindWord+`files`, countFiles),
	when(`(?i)(?:largest|biggest|longest)\s+`+kindWord+`files?`, largest),
	when(`(?i)which\s+`+kindWord+`files? (?:is|are) (?:the )?(?:largest|biggest|longest)`, largest),
	when(`(?i)(\blicen[cs]ed?\b)`, license),
	when(fileWord, whatSays),
	when("[\"“`]([^\"”`]+)[\"”`]", mentions),
	when(`(?i)\b(organi[sz]ed|organi[sz]ation|architecture|structured?|designed|laid out|layout|how does (?:it|this) work|what is this)\b`, overview),
}

// when makes a rule of an expression whose first group is what the goal is about.
func when(expr string, about func(string) goal) rule {
	return rule{regexp.MustCompile(expr), about}
}

// recognised stands for each byte of a question that a rule has recognised.
const recognised = "\x00"

// goals is what the question asks for, in the order in which it asks.
func goals(question string) []goal {
	type found struct {
		at   int
		goal goal
	}
	var all []found
	rest := question
	for _, r := range rules {
		at := r.expr.FindStringSubmatchIndex(rest)
		if at == nil {
			continue
		}
		subject := r.expr.FindStringSubmatch(rest)[1]
		if strings.Contains(subject, recognised) {
			continue // quotes around what another rule answers
		}
		all = append(all, found{at[0], r.about(subject)})
		rest = rest[:at[0]] + strings.Repeat(recognised, at[1]-at[0]) + rest[at[1]:]
	}
	if len(all) == 0 {
		return []goal{keywords(question)}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.at, b.at) })
	out := make([]goal, len(all))
	for i, f := range all {
		out[i] = f.goal
	}
	return out
}

// kinds are the words people use for files of a kind.
var kinds = map[string]string{
	"go": "*.go", "test": "*_test.go", "markdown": "*.md", "python": "*.py", "sql": "*.sql", "json": "*.json", "yaml": "*.y*ml", "shell": "*.sh",
	"javascript": "*.js", "typescript": "*.ts", "rust": "*.rs", "java": "*.java", "c": "*.[ch]", "text": "*.txt",
}

// kind is the pattern and the name of the files that some words stand for, of which the last known one counts: "Go test" files are tests. Words that
// stand for none mean all files.
func kind(words string) (pattern, name string) {
	for _, word := range slices.Backward(strings.Fields(words)) {
		if pattern, ok := kinds[strings.ToLower(word)]; ok {
			return pattern, strings.TrimSpace(words) + " files"
		}
	}
	return "", "files"
}
