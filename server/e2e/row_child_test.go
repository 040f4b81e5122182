package e2e_test

import (
	"fmt"
	"os"
	"testing"
)

// childEnv makes the test binary the program it names, instead of a test.
const childEnv = "E2E_CHILD"

// children are the programs that the test binary can be. Their settings come from the environment, as those of any program.
var children = make(map[string]func())

// asChild adds a program under a name, and gives the name.
func asChild(name string, program func()) string {
	children[name] = program
	return name
}

// init becomes the program before the testing package looks at the arguments, which are the program's.
func init() {
	name := os.Getenv(childEnv)
	if name == "" {
		return
	}
	program, ok := children[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "%s=%s names no program\n", childEnv, name)
		os.Exit(2)
	}
	program()
	os.Exit(0)
}

// child is this test's binary as the named program, with a server to record to.
func child(t *testing.T, name string, to ingestion) *program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{path: self, dir: t.TempDir(), env: cleanEnvironment()}
	p.set(childEnv, name)
	p.set("SENTRIAL_API_URL", to.url)
	return p
}

// must ends a program that cannot do what its test is about.
func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "a program of the test failed:", err)
		os.Exit(4)
	}
}
