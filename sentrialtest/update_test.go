package sentrialtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
)

// runIn runs a test binary in another folder than that of its package: this one is the program of go test's flag -exec.
func runIn(dir string, binary []string) {
	cmd := exec.Command(binary[0], binary[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stdout, os.Stderr
	if cmd.Run() != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// TestUpdateFlag runs go test on a package without and on one with a flag -update of its own.
func TestUpdateFlag(t *testing.T) {
	dir := t.TempDir()
	goTest := func(step, flag string) string {
		cmd := exec.CommandContext(t.Context(), "go", "test", "-exec", os.Args[0], "-v", "./testdata/update/plain", "./testdata/update/ownflag", flag)
		cmd.Env = append(os.Environ(), "GOLDEN_DIR="+dir, "GOLDEN_STEP="+step, "SENTRIALTEST_UPDATE=")
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
	out := goTest("a", "-update")
	for _, name := range []string{"plain", "ownflag"} {
		text, err := os.ReadFile(filepath.Join(dir, "testdata", name+".golden"))
		if string(text) != "session: active\n  step a: success\n" || !strings.Contains(out, "wrote testdata/"+name+".golden") {
			t.Errorf("%s: wrote %q (%v):\n%s", name, text, err, out)
		}
	}
	if !strings.Contains(out, "update = true") {
		t.Errorf("the package's own flag was not set:\n%s", out)
	}
	if out := goTest("b", "-update=false"); strings.Count(out, "-   step a: success") != 2 || strings.Count(out, "+   step b: success") != 2 {
		t.Errorf("compared with something else:\n%s", out)
	}
}

// TestUpdateVariable is the way for test binaries that are run by hand.
func TestUpdateVariable(t *testing.T) {
	sentrialtest.SetFolder(t, t.TempDir())
	t.Setenv("SENTRIALTEST_UPDATE", "1")
	f := researched(t, func(rec *recorder) { rec.Golden("deep/down") })
	if f.said() != "" || len(f.logs) != 1 || f.logs[0] != "Golden: wrote testdata/deep/down.golden" {
		t.Errorf("failed with %q, logged %q", f.said(), f.logs)
	}
	t.Setenv("SENTRIALTEST_UPDATE", "0")
	if f := researched(t, func(rec *recorder) { rec.Golden("deep/down") }); f.said() != "" {
		t.Errorf("the file just written differs: %s", f.said())
	}
}
