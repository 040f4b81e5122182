package platform

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const hidden = "[hidden]"

// Secret is a text that does not show itself: printed, logged or encoded it is "[hidden]". Decoded it is what was sent.
type Secret string

// Reveal gives the text.
func (s Secret) Reveal() string { return string(s) }

func (Secret) String() string { return hidden }

// GoString is for %#v.
func (Secret) GoString() string { return hidden }

// Format is for every verb, so that %x and %d tell no more than %s.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalJSON encodes it as "[hidden]": a request that must carry it says so by [Secret.Reveal].
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText is for encoders of other forms. As the key of a map it would show: encoding/json takes strings as they are.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// UnmarshalText takes the text as it is.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = Secret(text)
	return nil
}

// LogValue is for log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// Scrub takes secrets out of a text that came from elsewhere: a server may repeat what it was sent.
func Scrub(text string, secrets ...Secret) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, string(s), hidden)
		}
	}
	return text
}
