package jsonenc

import "slices"

// maxOwed bounds the foreign methods that one value may want called.
const maxOwed = 1 << 16

// settled is settle where nothing may be owed, and small enough to be inlined.
func (e *encoder) settled(dst []byte) []byte {
	if len(e.owed) == 0 {
		return dst
	}
	return e.settle(dst)
}

// settle calls the foreign methods that the walk came by and puts their results where the
// output lacks them.
func (e *encoder) settle(dst []byte) []byte {
	answers := aside(e.owed)
	first := e.owed[0].at
	rest := slices.Clone(dst[first:])
	dst = dst[:first]
	for i := range e.owed {
		o := &e.owed[i]
		answer := answers[i]
		if e.full(dst) {
			answer = answered{reason: reasonTooLarge}
		}
		dst = o.append(dst, answer.made, answer.reason)
		end := len(rest)
		if i+1 < len(e.owed) {
			end = e.owed[i+1].at - first
		}
		dst = append(dst, rest[o.at-first:end]...)
	}
	return dst
}
