package server

import (
	"crypto/rand"
	"strings"
)

// A key is sntl_PREFIX_SECRET: the first part is shown in lists and finds the key, the second holds 190 bits of chance.
const (
	keyMark      = "sntl_"
	prefixChars  = 8
	secretChars  = 32
	prefixLength = len(keyMark) + prefixChars
	keyLength    = prefixLength + 1 + secretChars

	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// noKeyText has the form of a key that is never made.
var noKeyText = keyMark + strings.Repeat("-", prefixChars) + "_" + strings.Repeat("-", secretChars)

func newKeyText() string { return keyMark + randomText(prefixChars) + "_" + randomText(secretChars) }

// randomText returns n characters of base62, each as likely as the others.
func randomText(n int) string {
	const fair = 256 - 256%len(base62)
	text, chance := make([]byte, 0, n), make([]byte, n)
	for len(text) < n {
		_, _ = rand.Read(chance) // never fails
		for _, b := range chance {
			if int(b) < fair && len(text) < n {
				text = append(text, base62[int(b)%len(base62)])
			}
		}
	}
	return string(text)
}

// isKeyText reports whether text has the form of a key.
func isKeyText(text string) bool {
	return len(text) == keyLength && strings.HasPrefix(text, keyMark) && text[prefixLength] == '_' &&
		isBase62(text[len(keyMark):prefixLength]) && isBase62(text[prefixLength+1:])
}

func isBase62(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune(base62, r) })
}
