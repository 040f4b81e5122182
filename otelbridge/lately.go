package otelbridge

// lately is a map that remembers the keys used lately, not all that ever were: two generations, the older of which is forgotten when the younger is full.
type lately[K comparable, V any] struct {
	limit        int // of one generation
	young, older map[K]V
}

func newLately[K comparable, V any](limit int) *lately[K, V] {
	return &lately[K, V]{limit: limit, young: make(map[K]V)}
}

// get gives the value of key and makes it one used lately; the zero value if there is none.
func (l *lately[K, V]) get(key K) (v V, ok bool) {
	if v, ok = l.young[key]; ok {
		return v, true
	}
	if v, ok = l.older[key]; ok {
		l.put(key, v)
	}
	return v, ok
}

// put sets the value of key and makes it one used lately.
func (l *lately[K, V]) put(key K, v V) {
	if _, known := l.young[key]; !known && len(l.young) >= l.limit {
		l.young, l.older = make(map[K]V), l.young
	}
	l.young[key] = v
}
