package eventmill

import (
	"math"
	"math/rand/v2"
	"sort"
)

const vocabularySize = 20_000

// vocabulary is words with how often each comes, as Zipf found it in languages: the word of rank r about 1/r as often as the first.
type vocabulary struct {
	words [vocabularySize]string
	upTo  [vocabularySize]float64 // frequencies, summed up
	quick [1 << 12]int            // where to begin looking
}

func newVocabulary() *vocabulary {
	v := new(vocabulary)
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // the same words for every seed
	seen := make(map[string]bool)
	sum := 0.0
	for rank := range v.words {
		word := newWord(random)
		for seen[word] {
			word = newWord(random)
		}
		seen[word], v.words[rank] = true, word
		sum += 1 / math.Pow(float64(rank)+2.7, 1.05)
		v.upTo[rank] = sum
	}
	for i := range v.quick {
		v.quick[i] = sort.SearchFloat64s(v.upTo[:], float64(i)/float64(len(v.quick))*sum)
	}
	return v
}

func newWord(random *rand.Rand) string {
	const consonants, vowels = "bcdfghjklmnprstvz", "aeiou"
	var word []byte
	for range 1 + random.IntN(4) {
		word = append(word, consonants[random.IntN(len(consonants))], vowels[random.IntN(len(vowels))])
	}
	if random.IntN(2) == 0 {
		word = append(word, consonants[random.IntN(len(consonants))])
	}
	return string(word)
}

// draw returns a word as often as it comes in texts.
func (v *vocabulary) draw(random *rand.Rand) string {
	f := random.Float64()
	low := v.quick[int(f*float64(len(v.quick)))]
	at := f * v.upTo[vocabularySize-1]
	for n := low; ; n++ {
		if n == vocabularySize-1 || v.upTo[n] >= at {
			return v.words[n]
		}
		if n == low+8 {
			return v.words[low+sort.SearchFloat64s(v.upTo[low:], at)]
		}
	}
}

// text appends about size bytes of words.
func (v *vocabulary) text(out []byte, random *rand.Rand, size int) []byte {
	for end := len(out) + size; len(out) < end; {
		out = append(append(out, v.draw(random)...), ' ')
	}
	return out[:len(out)-1]
}
