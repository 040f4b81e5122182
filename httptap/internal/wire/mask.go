package wire

import (
	"regexp"
	"strings"
)

// maskedKey stands for what looks like a key.
const maskedKey = "[key]"

var (
	// keyPlaces are where keys stand.
	keyPlaces = regexp.MustCompile(`(?i)(\b(?:bearer|basic)\s+|(?:api[-_ ]?key|[?&]key|authorization|password|secret|access[-_]token)["']?\s*[:=]\s*["']?(?:(?:bearer|basic)\s+)?)([^\s"',;&}]{6,})`)

	// keyWords begin as keys of known providers do, or have stars in the middle, as providers repeat the key that they refuse.
	keyWords = regexp.MustCompile(`[A-Za-z0-9_.~+-]*\*{3,}[A-Za-z0-9_~+*-]*` +
		`|\b(?:sk|pk|rk|gsk|xai|pplx|hf|ghp|r8|nvapi|tgp|csk)[-_][A-Za-z0-9_*-]{4,}` +
		`|(?:\bAIza|\bAKIA|\bASIA|\bya29\.|\beyJ)[A-Za-z0-9_.-]{8,}`)

	// longWords may be keys of anybody.
	longWords = regexp.MustCompile(`\b[A-Za-z0-9_]{24,}\b`)

	// idWords begin ids, by which a provider finds a request again.
	idWords = regexp.MustCompile(`^(?:req|msg|resp|run|call|toolu|chatcmpl|file|asst|thread|rs|fc|batch|gen|cmpl|embd)_`)
)

// mask hides what looks like a key.
func mask(text string) string {
	text = keyPlaces.ReplaceAllString(text, "${1}"+maskedKey)
	text = keyWords.ReplaceAllString(text, maskedKey)
	return longWords.ReplaceAllStringFunc(text, func(word string) string {
		if looksRandom(word) && !idWords.MatchString(word) {
			return maskedKey
		}
		return word
	})
}

// looksRandom: letters of both cases and digits in one word, or as many hexadecimal digits as some keys have.
func looksRandom(word string) bool {
	if !strings.ContainsAny(word, "0123456789") {
		return false
	}
	if strings.ToLower(word) != word && strings.ToUpper(word) != word {
		return true
	}
	return len(word) >= 32 && strings.Trim(strings.ToLower(word), "0123456789abcdef") == ""
}
