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
	t.Setenv("OPENAI_API_KEY", "")
	var out strings.Builder
	if err := run(t.Context(), &out, "What time is it in Asia/Tokyo?"); err != nil {
		t.Fatal(err)
	}
	srv.WantTools("current_time")
	srv.WantToolInputs("current_time", map[string]any{"zone": "Asia/Tokyo"})
	srv.WantLLMCalls(2)
	srv.WantModels("gpt-5.4-mini")
	srv.WantNoErrors()
	if said := out.String(); !strings.Contains(said, "OPENAI_API_KEY is not set") || !strings.Contains(said, "JST") {
		t.Errorf("printed %q, want a note on the stand-in and the time", said)
	}
	t.Log("\n" + srv.Timeline())
}
