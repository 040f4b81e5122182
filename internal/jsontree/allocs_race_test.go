//go:build race

package jsontree_test

// allowed is what reading one number may allocate. The race detector empties pools now and then.
const allowed = 4
