package sqlite_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestPayloadsComeBackAsTheyWere has texts around the sizes at which the way of keeping them changes.
func TestPayloadsComeBackAsTheyWere(t *testing.T) {
	noise := make([]byte, 20_000)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(noise)
	words := []byte(strings.Repeat("a refund for order 4711 was asked for. ", 1000))
	kept := make(map[int]bool)
	for _, n := range []int{0, 1, 127, 128, 129, 1000, 8191, 8192, 8193, 20_000} {
		for _, text := range [][]byte{noise[:n], words[:n]} {
			encoding, got, err := sqlite.RoundTripPayload(text)
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("%d bytes in encoding %d: %d bytes came back (%v)", n, encoding, len(got), err)
			}
			kept[encoding] = true
		}
	}
	if len(kept) != 3 {
		t.Errorf("encodings used: %v, want all three", kept)
	}
}

// TestForgedPayloads have no business to unfold to more than was ever packed.
func TestForgedPayloads(t *testing.T) {
	bomb := []byte{0xff, 0xff, 0xff, 0xff, 0x0f, 0} // says that it unfolds to 4 GiB
	for encoding := range 5 {
		if text, err := sqlite.UnpackPayload(encoding, bomb); err == nil && encoding != 0 {
			t.Errorf("encoding %d: %d bytes without an error", encoding, len(text))
		}
	}
}
