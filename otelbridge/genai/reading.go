package genai

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// reading is what one span says.
type reading struct {
	span  *Span
	extra []SpanEvent // log records of the span
	kind  kind
	rule  string

	findings
	named    []found // the sessions that it names
	spoken   uint64  // bits of the dialects that the span is written in
	common   uint64  // bits of dialects of which it only has common keys
	families []relatives
	facts    map[string]any
	unknown  map[string]any

	input, answer []Message // as far as they were put together by a dialect's read
	inputFrom     found     // their key and dialect
	answerFrom    found
	parameters    map[string]any
	contentInLogs bool
	read          readOnce
}

// readOnce is what was said, read whole.
type readOnce struct {
	said, output once[any]
	answer       once[[]Message]
	reasons      once[[]string]
}

// relatives are the attributes of one family, without the prefix.
type relatives struct {
	prefix string
	list   []Attribute
}

// scopeBits remembers the answers of ofScope: programs have few scopes, and every span asks.
var scopeBits sync.Map

// maxScopes bounds scopeBits, which a hostile sender could fill.
const maxScopes = 1000

var scopesSeen atomic.Int64

func bitsOfScope(name string) uint64 {
	if bits, ok := scopeBits.Load(name); ok {
		return bits.(uint64)
	}
	bits := ofScope(name)
	if scopesSeen.Add(1) <= maxScopes {
		scopeBits.Store(name, bits)
	}
	return bits
}

// read reads a span by itself. Extra are log records that belong to it.
func read(s *Span, extra []SpanEvent) *reading { return new(reading).of(s, extra) }

// reset makes an empty reading of one that was used, whose lists are used again.
func (r *reading) reset() {
	families := r.families
	for i := range families {
		families[i] = relatives{list: emptied(families[i].list)}
	}
	*r = reading{findings: findings{list: emptied(r.list)}, named: emptied(r.named), families: families[:0]}
}

// emptied gives a list with room for as much again, unless it was unusually long.
func emptied[T any](list []T) []T {
	if cap(list) > maxRoom {
		return nil
	}
	clear(list)
	return list[:0]
}

// maxRoom is how long a list may be to be used again.
const maxRoom = 64

// of is read into an empty one, which may have been used before.
func (r *reading) of(s *Span, extra []SpanEvent) *reading {
	r.span, r.extra, r.spoken = s, extra, bitsOfScope(s.Scope.Name)
	for i := range s.Attributes {
		r.sort(&s.Attributes[i])
	}
	for _, list := range [2][]SpanEvent{s.Events, extra} {
		for i := range list {
			r.spoken |= vocabulary.events[list[i].Name]
		}
	}
	if r.spoken != 0 {
		r.spoken |= r.common
	}
	r.forget()
	r.each(func(d *dialect) {
		r.contentInLogs = r.contentInLogs || d.contentInLogs
		if d.read != nil {
			d.read(r, d)
		}
	})
	r.kind, r.rule = r.classify()
	r.each(func(d *dialect) {
		if d.repair != nil {
			d.repair(r)
		}
	})
	r.read = readOnce{} // it may have been asked for while there was more to come
	return r
}

// forget drops what attributes of common names say in dialects that the span is not written in. Those of the conventions mean the same everywhere.
func (r *reading) forget() {
	for i := range r.list {
		if v := &r.list[i]; r.spoken&v.of.bit == 0 && v.of.rank > deprecatedRank {
			r.drop(v.field)
		}
	}
}

// each calls fn for the dialects of the span, in the order of their ranks.
func (r *reading) each(fn func(*dialect)) {
	past := uint64(0)
	for _, d := range byRank() {
		past |= d.bit
		if r.spoken&d.bit != 0 {
			fn(d)
		}
		if r.spoken&^past == 0 {
			return
		}
	}
}

var byRank = sync.OnceValue(func() []*dialect {
	list := slices.Clone(dialects)
	slices.SortStableFunc(list, func(x, y *dialect) int { return x.rank - y.rank })
	return list
})

// byTurn are the dialects that tell kinds, in the order in which they are asked.
var byTurn = sync.OnceValue(func() []*dialect {
	var list []*dialect
	for _, d := range dialects {
		if d.turn > 0 {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(x, y *dialect) int { return x.turn - y.turn })
	return list
})

// sort puts an attribute where it belongs.
func (r *reading) sort(a *Attribute) {
	if means := vocabulary.keys[a.Key]; means != nil {
		for _, m := range means {
			if m.common {
				r.common |= m.of.bit
			} else {
				r.spoken |= m.of.bit
			}
			r.offer(m.field, found{value: a.Value, key: a.Key, rank: m.rank, of: m.of})
		}
		return
	}
	if prefix, d := family(a.Key); d != nil {
		r.spoken |= d.bit
		list := r.relatives(prefix)
		*list = append(*list, Attribute{a.Key[len(prefix):], a.Value})
		return
	}
	r.leave(a.Key, a.Value)
}

// usualFamily is how many attributes of a family a call of a model has, mostly.
const usualFamily = 4

// relatives finds the list of a family, for more of it.
func (r *reading) relatives(prefix string) *[]Attribute {
	for i := range r.families {
		if r.families[i].prefix == prefix {
			return &r.families[i].list
		}
	}
	n := len(r.families)
	if n < cap(r.families) { // there may be a list that was used before
		r.families = r.families[:n+1]
		r.families[n].prefix = prefix
	} else {
		r.families = append(r.families, relatives{prefix, make([]Attribute, 0, usualFamily)})
	}
	return &r.families[n].list
}

// family gives the attributes of a family, without the prefix.
func (r *reading) family(prefix string) []Attribute {
	for i := range r.families {
		if r.families[i].prefix == prefix {
			return r.families[i].list
		}
	}
	return nil
}

// leave keeps what nobody knows and may be content.
func (r *reading) leave(key string, v any) {
	if secret(key) {
		return
	}
	if r.unknown == nil {
		r.unknown = make(map[string]any)
	}
	r.unknown[key] = v
}

// offer takes a value for a field unless a better one is there. Empty texts and nil say nothing.
func (r *reading) offer(f field, v found) {
	if v.value == nil || v.value == "" {
		return
	}
	switch f {
	case fieldFact:
		r.fact(v.key, v.value)
		return
	case fieldSessionID:
		r.named = append(r.named, v)
		return
	case fieldParameter:
		r.parameter(v.key[strings.LastIndexByte(v.key, '.')+1:], v.value)
		return
	}
	if !r.has(f) || v.rank < r.get(f).rank {
		r.put(f, v)
	}
}

// give is offer for a dialect's read: what it found under key, with the rank of its i-th key.
func (r *reading) give(d *dialect, i int, f field, key string, value any) {
	r.offer(f, found{value: value, key: key, rank: d.rankOf(i), of: d})
}

// set is for repairs: the value counts whatever was there.
func (r *reading) set(f field, value any, key string) {
	was := r.get(f)
	if key == "" {
		key = was.key
	}
	r.put(f, found{value: value, key: key, rank: was.rank, of: was.of})
}

// fact keeps what has no field of its own but is no content.
func (r *reading) fact(key string, v any) {
	if secret(key) {
		return
	}
	if r.facts == nil {
		r.facts = make(map[string]any)
	}
	if s, ok := v.(string); ok && strings.HasPrefix(s, `"`) {
		v = wordOf(s)
	}
	r.facts[key] = v
}

// word gives a fact that is a word, in small letters.
func (r *reading) word(key string) string { return strings.ToLower(wordOf(r.facts[key])) }

// saysFact is a rule: a fact that decided.
func (r *reading) saysFact(key string) string { return key + " = " + wordOf(r.facts[key]) }

// dialects gives the names of the dialects that the span is written in.
func (r *reading) dialects() (names []string) {
	r.each(func(d *dialect) { names = append(names, d.name) })
	return names
}
