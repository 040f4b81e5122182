//go:build !race

package wire_test

// places is at how many places a reply is cut, spread evenly: nearly all.
const places = 1200
