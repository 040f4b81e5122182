//go:build !race

package sentrial_test

// manyEvents is the load of a row of the fault table.
const manyEvents = 20_000
