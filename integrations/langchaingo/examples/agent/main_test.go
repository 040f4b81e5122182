package main

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func TestTheExampleIsRecorded(t *testing.T) {
	srv := sentrialtest.Server(t)
	t.Setenv("SENTRIAL_API_URL", srv.URL())
	for _, name := range []string{"SENTRIAL_API_KEY", "OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_BASE_URL", "OPENAI_ORGANIZATION"} {
		t.Setenv(name, "")
	}
	var out strings.Builder
	if err := run(t.Context(), &out, "What time is it in Asia/Tokyo?"); err != nil {
		t.Fatal(err)
	}
	srv.WantTools("clock")
	srv.WantToolInputs("clock", "Asia/Tokyo")
	srv.WantModels("gpt-4o-mini", "gpt-4o-mini")
	srv.WantPath("time > agent > llm")
	srv.WantPath("time > agent > decision clock")
	srv.WantNoErrors()
	if calls := srv.LLMCalls(); len(calls) != 2 || calls[0].FinishReason != "tool_call" || calls[1].Status != types.StatusSuccess {
		t.Errorf("calls = %+v", calls)
	}
	for _, want := range []string{"OPENAI_API_KEY is not set", "agent decides: clock Asia/Tokyo\n", "The tool answered: ", "JST"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in:\n%s", want, &out)
		}
	}
	t.Log("\n" + srv.Timeline())
}
