package millionevents

import (
	"math"
	"math/rand/v2"
	"sort"
)

// vocabulary is the number of words of the language.
const vocabulary = 20_000

// language is made-up words, the most frequent first, and how likely each and those before it are together.
type language struct {
	words []string
	upTo  []float64
}

// newLanguage gives the word of rank n a frequency of about 1/n, as natural languages have it (Zipf's law).
func newLanguage() *language {
	l := &language{words: make([]string, vocabulary), upTo: make([]float64, vocabulary)}
	sum := 0.0
	for n := range vocabulary {
		l.words[n] = Word(n)
		sum += 1 / math.Pow(float64(n+1), 1.05)
		l.upTo[n] = sum
	}
	for n := range l.upTo {
		l.upTo[n] /= sum
	}
	return l
}

// Word is the word of the language with that rank, 0 being the most frequent of 20,000. No word begins another one.
func Word(rank int) string {
	const consonants, vowels = "bcdfghjklmnprstvz", "aeiou"
	var word []byte
	for n := rank; n > 0 || len(word) < 4; n /= len(consonants) * len(vowels) {
		word = append(word, consonants[n%len(consonants)], vowels[n/len(consonants)%len(vowels)])
	}
	return string(append(word, 'x'))
}

func (l *language) word(random *rand.Rand) string {
	return l.words[min(sort.SearchFloat64s(l.upTo, random.Float64()), vocabulary-1)]
}

// appendText appends words until there are that many bytes of them.
func (l *language) appendText(text []byte, random *rand.Rand, bytes int) []byte {
	for end := len(text) + bytes; len(text) < end; {
		text = append(append(text, l.word(random)...), ' ')
	}
	return text[:len(text)-1]
}

// phrase is a short text.
func (l *language) phrase(random *rand.Rand, bytes int) string {
	return string(l.appendText(nil, random, bytes))
}
