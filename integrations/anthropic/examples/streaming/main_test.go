package main

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func TestTheExampleIsRecorded(t *testing.T) {
	srv := sentrialtest.Server(t)
	t.Setenv("SENTRIAL_API_URL", srv.URL())
	t.Setenv("SENTRIAL_API_KEY", "")
	t.Setenv("ANTHROPIC_API_KEY", "")
	var out strings.Builder
	if err := run(t.Context(), &out, "Why is the sky blue?"); err != nil {
		t.Fatal(err)
	}
	srv.WantLLMCalls(1)
	srv.WantModels("claude-sonnet-5")
	srv.WantNoErrors()
	if said := out.String(); !strings.Contains(said, "ANTHROPIC_API_KEY is not set") || !strings.Contains(said, "sky blue") {
		t.Errorf("printed %q, want a note on the stand-in and the answer", said)
	}
	t.Log("\n" + srv.Timeline())
}
