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
	t.Setenv("GEMINI_API_KEY", "")
	var out strings.Builder
	if err := run(t.Context(), &out, "Throw two dice"); err != nil {
		t.Fatal(err)
	}
	srv.WantTools("throw_dice")
	srv.WantToolInputs("throw_dice", map[string]any{"count": 1})
	srv.WantLLMCalls(2)
	srv.WantModels("gemini-2.5-flash")
	srv.WantNoErrors()
	if said := out.String(); !strings.Contains(said, "GEMINI_API_KEY is not set") || !strings.Contains(said, "tool answered") {
		t.Errorf("printed %q, want a note on the stand-in and the answer", said)
	}
	t.Log("\n" + srv.Timeline())
}
