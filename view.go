package sentrial

import (
	"encoding/binary"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsontree"
	"github.com/sentrial/sentrial-go/types"
)

// A view is the private copy that a redactor is shown. It is made of the event's record, field by field, and is what package types would read from the JSON
// that the record becomes on the wire. Fields, types and forms of which it is not sure it leaves to that longer way.

type view struct {
	*types.Event              // the view
	own          *types.Event // what the record was made of. Where both have the same text its memory is used again: nobody can write to it
	unsure       bool         // something came that is not understood here
}

// viewOf gives false where the record has to be read as JSON.
func viewOf(record []byte, own *types.Event) (*types.Event, bool) {
	v := view{Event: new(types.Event), own: own}
	for rest := record[recordHeader:]; len(rest) > 0 && !v.unsure; {
		var f field
		f, rest = nextField(rest)
		v.field(f)
	}
	v.share()
	return v.Event, !v.unsure && v.Type != ""
}

func (v *view) field(f field) {
	switch f.tag {
	case tagID:
		v.text(&v.ID, f, v.own.ID)
	case tagType:
		v.typed(f)
	case tagSessionID:
		v.text(&v.SessionID, f, v.own.SessionID)
	case tagParentID:
		v.text(&v.ParentID, f, v.own.ParentID)
	case tagSeq:
		v.Seq = v.number(f, kindInt)
	case tagTimestamp:
		v.Timestamp = time.Unix(0, v.number(f, kindTime)).UTC()
	case tagDuration:
		v.duration(&v.Duration, f)
	case tagStatus:
		v.text((*string)(&v.Status), f, string(v.own.Status))
	case tagTraceID:
		v.text(&v.TraceID, f, v.own.TraceID)
	case tagSpanID:
		v.text(&v.SpanID, f, v.own.SpanID)
	case tagMetadata:
		v.object(&v.Metadata, f)
	default:
		v.payload(f)
	}
}

// text takes a text as JSON would bring it: bytes that are no UTF-8 are replaced one by one.
func (v *view) text(to *string, f field, own string) {
	if f.kind != kindText {
		v.unsure = true
		return
	}
	if string(f.data) != own {
		own = string(f.data)
	}
	if !utf8.ValidString(own) {
		own = string([]rune(own))
	}
	*to = own
}

func (v *view) number(f field, k kind) int64 {
	if f.kind != k {
		v.unsure = true
		return 0
	}
	return int64(binary.LittleEndian.Uint64(f.data))
}

func (v *view) count(to *int, f field) { *to = int(v.number(f, kindInt)) }

func (v *view) float(to **float64, f field) {
	n := math.Float64frombits(uint64(v.number(f, kindFloat)))
	*to = &n
}

// duration takes a time span as JSON would bring it, in whole microseconds.
func (v *view) duration(to *time.Duration, f field) {
	*to = time.Duration(v.number(f, kindDuration)).Round(time.Microsecond)
}

// value takes any value. A text that JSON changes nothing about is taken as it is.
func (v *view) value(to *any, f field, own any) {
	if text, ok := own.(string); ok && utf8.ValidString(text) {
		*to = own
		return
	}
	v.read(f, func(r *jsontree.Reader) { *to = r.Value() })
}

func (v *view) object(to *map[string]any, f field) {
	v.read(f, func(r *jsontree.Reader) {
		var ok bool
		*to, ok = r.Value().(map[string]any)
		v.unsure = v.unsure || !ok
	})
}

func (v *view) texts(to *[]string, f field) {
	v.read(f, func(r *jsontree.Reader) {
		for r.Open('['); r.More(']'); {
			*to = append(*to, r.Text())
		}
	})
}

func (v *view) figures(to *map[string]float64, f field) {
	*to = make(map[string]float64)
	v.read(f, func(r *jsontree.Reader) {
		for r.Open('{'); r.More('}'); {
			name := r.Name()
			n, ok := r.Value().(float64)
			(*to)[name] = n
			v.unsure = v.unsure || !ok
		}
	})
}

func (v *view) flag(to *bool, f field) {
	*to = string(f.data) == "true"
	v.unsure = v.unsure || !*to && string(f.data) != "false"
}

// raw takes JSON that stays JSON.
func (v *view) raw(to *[]byte, f field) {
	if *to = slices.Clone(f.data); f.kind != kindJSON || string(f.data) == "null" {
		v.unsure = true
	}
}

func (v *view) read(f field, how func(*jsontree.Reader)) {
	if f.kind != kindJSON {
		v.unsure = true
		return
	}
	r := jsontree.NewReader(string(f.data))
	how(r)
	v.unsure = v.unsure || !r.Done()
	r.Free()
}
