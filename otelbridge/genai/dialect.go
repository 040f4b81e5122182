package genai

import (
	"slices"
	"strings"
	"sync"
)

// dialect is how one instrumentation writes GenAI spans. All of it is in one file, dialect_NAME.go, which makes it known by newDialect.
type dialect struct {
	name string
	// rank says whose word counts for a field that several give: the lower one's. Dialects that write for Sentrial or know best have the lowest.
	rank int
	// turn says when the dialect is asked for the kind of a span: the lowest first. 0 means it is not asked.
	turn int
	// scopes are names of instrumentation scopes that are always of this dialect; a * at the end or the beginning stands for anything.
	scopes []string
	// keys name the attributes that hold a field, the best first.
	keys []keyed
	// families are prefixes of attributes whose names have numbers or names in them. A family is given to read, and to no other dialect.
	families []string
	// facts are further attributes that are no content by definition: names, ids, kinds, counts. They end in metadata.
	facts []string
	// common are those of keys and facts that programs of every kind use, such as error.type or input. They are read too, but do not make a span one of GenAI.
	common []string
	// events are names of span events (and of log records) that hold something for read.
	events []string
	// kind tells what the span is and which rule says so; kindOther when this dialect does not know.
	kind func(r *reading) (k kind, rule string)
	// read finds what no key says by itself. It is called for spans that have one of the dialect's keys, families, events or scopes.
	read func(r *reading, d *dialect)
	// repair corrects, after all dialects were read, what this one is known to write otherwise than meant, such as counts that leave cached tokens out.
	repair func(r *reading)
	// contentInLogs: its instrumentation puts what was said into log records only.
	contentInLogs bool

	bit uint64
}

// keyed says that an attribute holds a field.
type keyed struct {
	key   string
	field field
}

// dialects are all there are, each with its bit.
var dialects []*dialect

// vocabulary is what is known of attribute keys, event names and scopes.
var vocabulary = struct {
	keys     map[string][]meaning
	families map[string]*dialect
	firsts   map[byte]bool // the first letters of families
	events   map[string]uint64
}{make(map[string][]meaning), make(map[string]*dialect), make(map[byte]bool), make(map[string]uint64)}

// meaning is what an attribute says in one dialect.
type meaning struct {
	of     *dialect
	field  field
	rank   int32
	common bool
}

// newDialect makes a dialect known. It is called while variables of the package are initialised, and never later.
func newDialect(d dialect) *dialect {
	known := &d
	known.bit = 1 << len(dialects)
	dialects = append(dialects, known)
	for i, k := range d.keys {
		learn(k.key, meaning{known, k.field, known.rankOf(i), slices.Contains(d.common, k.key)})
	}
	for _, key := range d.facts {
		learn(key, meaning{known, fieldFact, 0, slices.Contains(d.common, key)})
	}
	for _, prefix := range d.families {
		vocabulary.families[prefix] = known
		vocabulary.firsts[prefix[0]] = true
	}
	for _, name := range d.events {
		vocabulary.events[name] |= known.bit
	}
	return known
}

func learn(key string, m meaning) { vocabulary.keys[key] = append(vocabulary.keys[key], m) }

// rankOf is the rank of a dialect's i-th key.
func (d *dialect) rankOf(i int) int32 { return int32(d.rank)<<10 | int32(i) }

// family finds the family of a key.
func family(key string) (prefix string, of *dialect) {
	if key == "" || !vocabulary.firsts[key[0]] {
		return "", nil
	}
	for i := len(key) - 1; i > 0; i-- { // prefixes end with a dot or a colon
		if key[i] == '.' || key[i] == ':' {
			if d := vocabulary.families[key[:i+1]]; d != nil {
				return key[:i+1], d
			}
		}
	}
	return "", nil
}

// ofScope gives the dialects that a scope is of.
func ofScope(name string) (bits uint64) {
	if name == "" {
		return 0
	}
	for _, d := range dialects {
		if slices.ContainsFunc(d.scopes, func(pattern string) bool { return matches(pattern, name) }) {
			bits |= d.bit
		}
	}
	return bits
}

func matches(pattern, name string) bool {
	head, ends := strings.CutSuffix(pattern, "*")
	tail, begins := strings.CutPrefix(head, "*")
	switch {
	case ends && begins:
		return strings.Contains(name, tail)
	case ends:
		return strings.HasPrefix(name, head)
	case begins:
		return strings.HasSuffix(name, tail)
	}
	return pattern == name
}

// standardSessionKeys are those of all dialects, by rank.
var standardSessionKeys = sync.OnceValue(func() (keys []string) {
	for _, d := range byRank() {
		for _, k := range d.keys {
			if k.field == fieldSessionID && !slices.Contains(keys, k.key) {
				keys = append(keys, k.key)
			}
		}
	}
	return keys
})
