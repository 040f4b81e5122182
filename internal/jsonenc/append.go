package jsonenc

import "reflect"

const (
	// MaxDepth is how deep objects and arrays may nest inside one value. What lies deeper
	// becomes a marker, itself one level deeper; 7 levels then remain of the 64 that a
	// server takes, for the event and the batch around the value.
	MaxDepth = 56

	// MaxBytes is the size at which a value is cut: once its JSON is longer, no further
	// element or member is begun. Without it a few shared slices could describe terabytes.
	// Deep nests are cut earlier when they consist of very many parts. A single string is
	// never cut here.
	MaxBytes = 8 << 20
)

// Append appends the JSON form of v to dst and returns the extended slice. It keeps no
// reference to v, except in a MarshalJSON or MarshalText that is still running when its
// time is up; that one can no longer reach dst.
func Append(dst []byte, v any) []byte {
	var e Encoder
	return e.Append(dst, v, 0)
}

// Member is one name and value of an object.
type Member struct {
	Name  string
	Value any
}

// AppendMap appends m with the extra members added. Where both have a name, extra wins.
// A nil m without extra members is null.
func AppendMap(dst []byte, m map[string]any, extra ...Member) []byte {
	if len(extra) == 0 {
		return Append(dst, m)
	}
	var e Encoder
	return e.appendMerged(dst, m, extra)
}

// Encoder is for many values, one after the other. It spares each the making of its state,
// and remembers what names the small maps of one place had. The zero value is ready.
type Encoder struct{ encoder encoder }

// Append is as the function Append. Values that mostly have the same names in their maps
// say so by the same where; 0 says nothing.
func (r *Encoder) Append(dst []byte, v any, where uint32) (out []byte) {
	e := &r.encoder
	e.reset(dst, where)
	defer e.finish(dst, v, &out)
	return e.settled(e.value(dst, v))
}

func (r *Encoder) appendMerged(dst []byte, m map[string]any, extra []Member) (out []byte) {
	e := &r.encoder
	e.reset(dst, 0)
	defer e.finish(dst, m, &out)
	return e.settled(e.mergedMap(dst, m, extra))
}

// encoder is the state of one call. The output travels beside it, in registers.
type encoder struct {
	limit   int               // len of the output from which on nothing more is begun
	depth   int               // open objects and arrays
	deep    int               // how many more were begun below cheapDepth
	follows int               // places on the path from the value's root to here
	near    [6]place          // the first of them
	far     []place           // the rest; apart, so that usual values allocate nothing
	owed    []owed            // foreign methods still to be called
	where   uint32            // names what is being encoded, 0 if nothing does
	layouts *[layouts]*layout // of the maps that were encoded
}

func (e *encoder) reset(dst []byte, where uint32) {
	e.limit, e.where = len(dst)+MaxBytes, where
	e.depth, e.deep, e.follows = 0, 0, 0
	e.far = e.far[:0]
}

const (
	// cheapDepth is how deep a value may nest before its objects and arrays are counted,
	// maxDeep how many there may be below that. Twenty levels of shared lists are more work
	// than MaxBytes alone would stop in time.
	cheapDepth = 8
	maxDeep    = 1 << 15
)

// full tells whether the value has cost what it may.
func (e *encoder) full(dst []byte) bool { return len(dst) > e.limit || e.deep > maxDeep }

// begin counts an object or array that is about to be opened, or refused.
func (e *encoder) begin() {
	if e.depth >= cheapDepth {
		e.deep++
	}
}

// finish forgets the caller's methods, and turns a panic that nothing closer caught, say a
// value torn by a concurrent write, into a marker for the whole value.
func (e *encoder) finish(dst []byte, v any, out *[]byte) {
	if e.owed != nil {
		e.owed = nil
	}
	if r := recover(); r != nil {
		*out = AppendMarker(dst, panicReason(r), reflect.TypeOf(v).String())
	}
}
