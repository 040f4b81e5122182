package anthropic_test

import (
	"encoding/json"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/types"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// text joins what a message says.
func text(m types.Message) (said string) {
	for _, part := range m.Parts {
		if part.Type == types.PartText {
			said += part.Content
		}
	}
	return said
}

// asText gives a value as the wire wants it: texts as they are, all else as JSON.
func asText(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}
