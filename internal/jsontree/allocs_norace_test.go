//go:build !race

package jsontree_test

// allowed is what reading one number may allocate.
const allowed = 1
