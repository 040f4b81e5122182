package genai

// lately is a map that remembers the keys used lately, not all that ever were: two generations, the older of which is forgotten when the younger is full.
type lately[K comparable, V any] struct {
	limit        int // of the weights in one generation
	weight       int // of the younger one
	young, older map[K]V
}

func newLately[K comparable, V any](limit int) *lately[K, V] {
	return &lately[K, V]{limit: max(1, limit), young: make(map[K]V)}
}

// get gives the value of key, the zero value if there is none.
func (l *lately[K, V]) get(key K) V {
	if v, ok := l.young[key]; ok {
		return v
	}
	return l.older[key]
}

// put sets the value of key and makes it one used lately. The weight is what it adds to what was there under the key.
func (l *lately[K, V]) put(key K, v V, weight int) {
	if l.weight >= l.limit {
		l.young, l.older, l.weight = make(map[K]V), l.young, 0
	}
	l.young[key] = v
	l.weight += weight
}
