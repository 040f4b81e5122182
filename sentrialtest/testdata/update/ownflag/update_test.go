// Package ownflag has a flag -update of its own, as many packages with golden files do.
package ownflag

import (
	"flag"
	"os"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

var update = flag.Bool("update", false, "rewrite this package's golden files")

func TestGolden(t *testing.T) {
	t.Logf("update = %t", *update)
	rec := sentrialtest.New(t)
	rec.Client().Session("s").TrackStep(t.Context(), types.Step{Name: os.Getenv("GOLDEN_STEP")})
	rec.Golden("ownflag")
}
