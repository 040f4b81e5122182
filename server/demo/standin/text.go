package standin

import (
	"regexp"
	"strings"
)

// maxSummary bounds a summary, in characters.
const maxSummary = 400

// summary is the first heading and the first paragraph of a text.
func summary(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimLeft(line, "#/*> \t"))
		if line == "" && len(kept) > 1 {
			break
		}
		if strings.Trim(line, "-=`") != "" {
			kept = append(kept, line)
		}
	}
	return cut(strings.Join(kept, " "), maxSummary)
}

// cut shortens a text to at most n characters, and says so.
func cut(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return text
}

// licenses are told apart by words that only they have.
var licenses = []struct{ words, name string }{
	{"apache license", "the Apache License"},
	{"mit license", "the MIT License"},
	{"permission is hereby granted, free of charge", "the MIT License"},
	{"mozilla public license", "the Mozilla Public License"},
	{"gnu affero", "the GNU Affero General Public License"},
	{"gnu lesser", "the GNU Lesser General Public License"},
	{"gnu general public license", "the GNU General Public License"},
	{"redistribution and use in source and binary forms", "a BSD license"},
}

var version = regexp.MustCompile(`(?i)version (\d+(\.\d+)?)`)

func licenseName(text string) string {
	for _, known := range licenses {
		if !strings.Contains(strings.Join(strings.Fields(strings.ToLower(text)), " "), known.words) {
			continue
		}
		if v := version.FindStringSubmatch(text); v != nil {
			return known.name + ", version " + v[1]
		}
		return known.name
	}
	return "a license that starts: " + summary(text)
}

// filler are the words that questions are made of, whatever they ask.
var filler = strings.Fields("what which where when does how many much this that these those there here have with from about the and for are you your tell show give list " +
	"explain describe please find files file code repository project directory")

// longest is the longest word of a question that is no filler, the first one of several.
func longest(question string) string {
	best := ""
	for _, word := range regexp.MustCompile(`[\p{L}\p{N}_]{3,}`).FindAllString(question, -1) {
		if len(word) > len(best) && !isFiller(word) {
			best = word
		}
	}
	return best
}

func isFiller(word string) bool {
	for _, f := range filler {
		if strings.EqualFold(word, f) {
			return true
		}
	}
	return false
}

// balanced drops the closing parentheses at the end that nothing opened, and the full stop of a sentence.
func balanced(expression string) string {
	expression = strings.TrimRight(strings.TrimSpace(expression), ".")
	for strings.Count(expression, ")") > strings.Count(expression, "(") && strings.HasSuffix(expression, ")") {
		expression = strings.TrimSuffix(expression, ")")
	}
	for strings.Count(expression, "(") > strings.Count(expression, ")") && strings.HasPrefix(expression, "(") {
		expression = strings.TrimPrefix(expression, "(")
	}
	return expression
}
