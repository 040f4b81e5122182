package work

import (
	"math/rand/v2"
	"strings"
)

// words makes texts whose words are as uneven as a language's, so that compression is neither flattered nor wronged.
type words struct {
	r          *rand.Rand
	zipf       *rand.Zipf
	vocabulary []string
}

const (
	vocabularySize = 4000
	// Zipf's law for English has an exponent of about 1; the library wants more than 1.
	exponent, offset = 1.07, 4
)

func newWords(r *rand.Rand) *words {
	w := &words{r: r, zipf: rand.NewZipf(r, exponent, offset, vocabularySize-1)}
	for range vocabularySize {
		w.vocabulary = append(w.vocabulary, w.word())
	}
	return w
}

// word makes one up, of syllables.
func (w *words) word() string {
	const consonants, vowels = "bcdfghjklmnprstvw", "aeiou"
	var b strings.Builder
	for range 1 + w.r.IntN(4) {
		b.WriteByte(consonants[w.r.IntN(len(consonants))])
		b.WriteByte(vowels[w.r.IntN(len(vowels))])
	}
	return b.String()
}

// text is of exactly size bytes. One word in eight is quoted, and a line has about ten words: some 25 characters of a kilobyte have to be escaped in JSON.
func (w *words) text(size int) string {
	var b strings.Builder
	for b.Len() < size {
		word := w.vocabulary[w.zipf.Uint64()]
		switch w.r.IntN(40) {
		case 0, 1, 2:
			b.WriteString(`"` + word + `" `)
		case 3, 4, 5, 6:
			b.WriteString(word + "\n")
		default:
			b.WriteString(word + " ")
		}
	}
	return b.String()[:size]
}
