// Package plain has no flags: -update is sentrialtest's.
package plain

import (
	"os"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestGolden(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Client().Session("s").TrackStep(t.Context(), types.Step{Name: os.Getenv("GOLDEN_STEP")})
	rec.Golden("plain")
}
