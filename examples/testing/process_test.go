package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestMain lets the test binary be the program too: TestWholeProgram runs it in a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_THE_PROGRAM") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestWholeProgram(t *testing.T) {
	srv := sentrialtest.Server(t)
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(clean(os.Environ()), "RUN_THE_PROGRAM=1", "SENTRIAL_API_URL="+srv.URL())
	if out, err := program.CombinedOutput(); err != nil || string(out) != "9 to 17\n" {
		t.Errorf("printed %q, %v", out, err)
	}
	srv.WantTools("search_manual", "search_faq")
	srv.WantStatus(types.StatusSuccess)
}

// clean leaves out the developer's own settings.
func clean(environment []string) []string {
	return slices.DeleteFunc(environment, func(v string) bool { return strings.HasPrefix(v, "SENTRIAL_") })
}
