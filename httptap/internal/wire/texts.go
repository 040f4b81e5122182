package wire

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/types"
)

// texts reads a text or a list of them. Those that come as numbers of tokens say nothing to people.
func texts(raw json.RawMessage) (parts []types.Part) {
	if text, ok := textOf(raw); ok {
		return textParts(text)
	}
	for _, item := range listOf(raw) {
		if text, ok := textOf(item); ok {
			parts = append(parts, textPart(text))
		}
	}
	return parts
}
