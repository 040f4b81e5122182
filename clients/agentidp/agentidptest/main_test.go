package agentidptest_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }
