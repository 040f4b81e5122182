package genai_test

import (
	"encoding/json"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

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
