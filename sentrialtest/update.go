package sentrialtest

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// updating reports whether golden files are to be rewritten. The variable wins over the flag, for tests of golden files themselves.
func updating() bool {
	if asked, err := strconv.ParseBool(os.Getenv("SENTRIALTEST_UPDATE")); err == nil {
		return asked
	}
	f := flag.Lookup("update")
	if f == nil {
		return false
	}
	asked, err := strconv.ParseBool(f.Value.String())
	return err == nil && asked
}

// The flag -update has to be there before flags are read, and must not be there before the test's own package was loaded: many define a flag of that name,
// and a second one panics. Between the two nothing of this package runs, but for a flag that is being set. go test sets -test.paniconexit0 before all that
// its user asked for, so that one defines -update when it is set, if nobody did. A test binary that is run by hand without it takes SENTRIALTEST_UPDATE.
func init() {
	if !testing.Testing() {
		return
	}
	testing.Init() // flags are defined after all packages are loaded, unless asked for
	if f := flag.Lookup("test.paniconexit0"); f != nil {
		f.Value = &lateUpdate{f.Value}
	}
}

// lateUpdate is a flag's value that defines another flag.
type lateUpdate struct{ flag.Value }

// Set is called when the command line is read.
func (l *lateUpdate) Set(text string) error {
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "rewrite the golden files of package sentrialtest")
	}
	return l.Value.Set(text)
}

// String works on the zero value too, as package flag wants.
func (l *lateUpdate) String() string {
	if l.Value == nil {
		return ""
	}
	return l.Value.String()
}

// IsBoolFlag lets the flag stand without a value.
func (l *lateUpdate) IsBoolFlag() bool { return true }
