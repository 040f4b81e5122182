//go:build race

package sentrial_test

// manyEvents is less than the load of a row of the fault table: under the race detector each event takes eight times as long.
const manyEvents = 6_000
