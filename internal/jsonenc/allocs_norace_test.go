//go:build !race

package jsonenc_test

const allocsUnderRace = 0
