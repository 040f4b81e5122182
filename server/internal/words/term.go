package words

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// minPrefix is how many characters a word needs to match longer ones that it begins.
	minPrefix = 3
	// maxTerms bounds what one search asks for.
	maxTerms = 64
)

// Term is a word that a search asks for.
type Term struct {
	Word   string
	Prefix bool // longer words that Word begins are meant too
}

// Terms returns what a search for text asks for: its words, each once, without those that another implies. Only the first 64 count.
func Terms(text string) []Term {
	r := Reader{asked: true}
	var terms []Term
	r.Text([]byte(text), func(word []byte) {
		if len(terms) < maxTerms {
			terms = append(terms, newTerm(string(word)))
		}
	})
	slices.SortFunc(terms, func(a, b Term) int { return strings.Compare(a.Word, b.Word) })
	terms = slices.Compact(terms)
	return slices.DeleteFunc(slices.Clone(terms), func(t Term) bool { return implied(t, terms) })
}

// newTerm also takes a single character of a script without spaces for the beginning of words: see [Reader.Text].
func newTerm(word string) Term {
	n := utf8.RuneCountInString(word)
	first, size := utf8.DecodeRuneInString(word)
	return Term{word, n >= minPrefix || size == len(word) && isUnspaced(first)}
}

func implied(t Term, by []Term) bool {
	return t.Prefix && slices.ContainsFunc(by, func(o Term) bool { return o != t && strings.HasPrefix(o.Word, t.Word) })
}
