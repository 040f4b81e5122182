package jsonenc

import "reflect"

// maxFollows bounds the path in containers and pointers together.
const maxFollows = 4 * MaxDepth

// place identifies a container or pointer that is being encoded. Type and length tell
// apart what may share an address: a struct, its first field, an array and its slices.
type place struct {
	ptr uintptr
	len int
	typ uintptr // 0 for map[string]any and []any
}

// addressOfType stands for a type, which Go never frees. Unlike the type it is no pointer,
// so that to note a place costs no write barrier.
func addressOfType(t reflect.Type) uintptr { return reflect.ValueOf(t).Pointer() }

// enter opens an object or array at p. When it must not be opened, the reason comes back
// and nothing is to be left.
func (e *encoder) enter(p place) (reason string) {
	e.begin()
	if e.depth >= MaxDepth {
		return reasonTooDeep
	}
	if reason = e.follow(p); reason == "" {
		e.depth++
	}
	return reason
}

func (e *encoder) leave() {
	e.depth--
	e.unfollow()
}

// follow notes that what p points to is being encoded: pointers nest no JSON, yet they
// can lead back to where they came from.
func (e *encoder) follow(p place) (reason string) {
	if e.follows >= maxFollows {
		return reasonTooDeep
	}
	if holds(e.near[:min(e.follows, len(e.near))], p) || holds(e.far, p) {
		return reasonCycle
	}
	if e.follows < len(e.near) {
		e.near[e.follows] = p
	} else {
		e.far = append(e.far, p)
	}
	e.follows++
	return ""
}

func (e *encoder) unfollow() {
	e.follows--
	if e.follows >= len(e.near) {
		e.far = e.far[:len(e.far)-1]
	}
}

// holds is slices.Contains with the cheap comparison first: it runs at every container.
func holds(path []place, p place) bool {
	for i := range path {
		if path[i].ptr == p.ptr && path[i] == p {
			return true
		}
	}
	return false
}
