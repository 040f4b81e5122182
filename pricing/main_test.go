package pricing_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/pricing"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func parse(t testing.TB, text string) *pricing.Table {
	t.Helper()
	table, err := pricing.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return table
}
