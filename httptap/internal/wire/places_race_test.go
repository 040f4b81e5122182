//go:build race

package wire_test

// places is at how many places a reply is cut, spread evenly: the race detector makes each ten times as dear.
const places = 60
