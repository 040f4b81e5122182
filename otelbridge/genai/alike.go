package genai

import (
	"iter"
	"slices"
)

// alike are calls by what copies of them have in common. Two calls with ids of responses are told apart by these alone, so those with one are looked for by what else
// they have in common only by a call without one. Where all have one, as is usual, nothing but the ids is kept.
type alike[T aboutCall] struct {
	ids     byKey[uint64, T]  // those with an id
	unnamed byKey[callKey, T] // those without
	all     byKey[callKey, T] // with and without; nil until one without is looked for
}

type aboutCall interface{ about() *callFacts }

func newAlike[T aboutCall]() *alike[T] {
	return &alike[T]{ids: make(byKey[uint64, T]), unnamed: make(byKey[callKey, T])}
}

func (a *alike[T]) add(x T) {
	f := x.about()
	key, ok := f.key()
	switch {
	case f.id != 0:
		a.ids.add(f.id, x)
	case ok:
		a.unnamed.add(key, x)
	}
	if a.all != nil && ok {
		a.all.add(key, x)
	}
}

func (a *alike[T]) remove(x T) {
	f := x.about()
	key, ok := f.key()
	if f.id != 0 {
		a.ids.remove(f.id, x)
	}
	if ok {
		a.unnamed.remove(key, x)
		a.all.remove(key, x)
	}
}

func (a *alike[T]) clear() {
	clear(a.ids)
	clear(a.unnamed)
	a.all = nil
}

// near gives what may be copies of a call. Those with the same id come before the others.
func (a *alike[T]) near(f *callFacts) iter.Seq[T] {
	return func(yield func(T) bool) {
		others := a.unnamed
		if f.id == 0 {
			others = a.whole()
		} else if !a.ids.around(f.id, f, yield) {
			return
		}
		key, ok := f.key()
		if !ok || len(others) == 0 {
			return
		}
		for _, shift := range [...]int64{-1, 0, 1} { // a copy may have begun a little earlier or later
			if !others.around(callKey{key.what, key.window + shift, key.x, key.y}, f, yield) {
				return
			}
		}
	}
}

func (a *alike[T]) whole() byKey[callKey, T] {
	if a.all == nil {
		a.all = make(byKey[callKey, T])
		gather(a.all, a.ids)
		gather(a.all, a.unnamed)
	}
	return a.all
}

// byKey has calls under keys, those that began first before the others.
type byKey[K comparable, T aboutCall] map[K][]T

// maxAlike bounds with how many calls that began before it, and after it, a call is compared: load tests and classifiers make thousands with the same counts.
const maxAlike = 64

func place[T aboutCall](list []T, f *callFacts) (int, bool) {
	if len(list) == 0 || list[len(list)-1].about().compare(f) < 0 { // most come in the order of time
		return len(list), false
	}
	return slices.BinarySearchFunc(list, f, func(x T, f *callFacts) int { return x.about().compare(f) })
}

func (b byKey[K, T]) add(key K, x T) {
	list := b[key]
	i, _ := place(list, x.about())
	b[key] = slices.Insert(list, i, x)
}

func (b byKey[K, T]) remove(key K, x T) {
	list := b[key]
	i, ok := place(list, x.about())
	switch {
	case !ok:
	case len(list) == 1:
		delete(b, key)
	default:
		b[key] = slices.Delete(list, i, i+1)
	}
}

// around gives those under a key that began next to a call, until yield has enough.
func (b byKey[K, T]) around(key K, f *callFacts, yield func(T) bool) bool {
	list := b[key]
	i, _ := place(list, f)
	for _, x := range list[max(0, i-maxAlike):min(len(list), i+maxAlike)] {
		if !yield(x) {
			return false
		}
	}
	return true
}

// gather adds all calls of from by what they have in common beside their ids.
func gather[K comparable, T aboutCall](to byKey[callKey, T], from byKey[K, T]) {
	for _, list := range from {
		for _, x := range list {
			if key, ok := x.about().key(); ok {
				to.add(key, x)
			}
		}
	}
}
