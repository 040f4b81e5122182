package wire

import (
	"github.com/sentrial/sentrial-go/types"
)

// texts reads a text or a list of them. Those that come as numbers of tokens say nothing to people.
func texts(v value) (parts []types.Part) {
	if text, ok := v.Text(); ok {
		return textParts(text)
	}
	for _, item := range v.items {
		if text, ok := item.Text(); ok {
			parts = append(parts, textPart(text))
		}
	}
	return parts
}
