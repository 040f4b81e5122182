//go:build race

package jsonenc_test

// The race detector's own bookkeeping shows up as allocations now and then; what a build
// for use allocates is told by the test without it. Here it only has to run.
const allocsUnderRace = 1 << 20
