package sentrial

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// maxEventBytes is the largest JSON form of one event that a server takes by default.
const maxEventBytes = 1 << 20

// worstEscape is how much longer than its record an event's JSON can be: every byte of a text as \u00XX.
const worstEscape = 6

// fit returns the record in the scratch, with the bulkiest content cut if the event would be larger than the server takes.
func (s *scratch) fit() []byte {
	record := s.buf[s.start:]
	if len(record) <= maxEventBytes/worstEscape || s.uncut {
		return record
	}
	for range 2 {
		excess := len(appendEvent(nil, record)) - maxEventBytes
		if excess <= 0 {
			return record
		}
		record = cutContent(record, excess)
	}
	if len(appendEvent(nil, record)) > maxEventBytes {
		return withoutMembers(record)
	}
	return record
}

// cutContent shortens fields of content, the largest first, until excess bytes of JSON are gone or nothing is left to cut.
func cutContent(record []byte, excess int) []byte {
	fields := fieldsOf(record)
	sizes := make([]int, len(fields))
	var bySize []int
	for i, f := range fields {
		if sizes[i] = len(appendData(nil, f)); sizes[i] > smallestCut && mayBeCut(f.tag) {
			bySize = append(bySize, i)
		}
	}
	slices.SortFunc(bySize, func(i, j int) int { return cmp.Compare(sizes[j], sizes[i]) })
	for _, i := range bySize {
		if excess <= 0 {
			break
		}
		fields[i] = shortened(fields[i], sizes[i]-excess)
		excess -= sizes[i] - len(appendData(nil, fields[i]))
	}
	return recordOf(record[4], fields)
}

// withoutMembers puts one marker in the place of all unknown fields: thousands of small ones can be too much together.
func withoutMembers(record []byte) []byte {
	var members []byte
	kept := slices.DeleteFunc(fieldsOf(record), func(f field) bool {
		if f.kind == kindMember {
			members = append(members, f.data...)
		}
		return f.kind == kindMember
	})
	if members != nil {
		kept = append(kept, field{tagExtra, kindMember, markerMember(members)})
	}
	return recordOf(record[4], kept)
}

// smallestCut is the size below which cutting a field gains nothing.
const smallestCut = 1 << 10

// mayBeCut spares what identifies and places an event.
func mayBeCut(t tag) bool {
	return !slices.Contains([]tag{tagID, tagType, tagSessionID, tagParentID, tagTraceID, tagSpanID, tagStatus, tagParentSessionID, tagEventID}, t)
}

// markerRoom is more than the marker of a text that was cut takes, with the quotes around both.
const markerRoom = 128

// shortened gives f with data whose JSON takes at most about want bytes: a text keeps its beginning, another value becomes a marker.
func shortened(f field, want int) field {
	switch f.kind {
	case kindText:
		f.kind, f.data = kindCutText, appendCut(nil, string(f.data), headWithin(f.data, want-markerRoom))
	case kindCutText: // the marker stays as it is: it tells of the whole text
		at := bytes.LastIndex(f.data, []byte(cutMark))
		f.data = slices.Concat(f.data[:headWithin(f.data[:at], want-markerRoom)], f.data[at:])
	case kindMember:
		f.data = shortMember(f.data)
	default:
		f.data = markerFor(f)
	}
	return f
}

// markerFor is the marker that stands for a value, in the JSON type that the server takes for the field.
func markerFor(f field) []byte {
	switch f.tag {
	case tagMessages, tagOutputMessages:
		return append(appendTruncated([]byte{'['}, f.data), ']')
	case tagTags, tagAlternatives:
		return append(jsonenc.AppendString([]byte{'['}, string(appendCut(nil, string(f.data), 0))), ']')
	case tagMetrics:
		return append(strconv.AppendInt([]byte(`{"$truncated":`), int64(len(f.data)), 10), '}')
	}
	return appendTruncated(nil, f.data)
}

// shortMember keeps the name of a member, unless the name is what is large.
func shortMember(member []byte) []byte {
	name, value := member[:memberNameLen(member)], member[memberNameLen(member):]
	if len(name) <= smallestCut/2 {
		return appendTruncated(slices.Clone(name), value)
	}
	return markerMember(member)
}

// markerMember is a member of the event itself that says what was cut from it.
func markerMember(cut []byte) []byte {
	marker := appendTruncated(nil, cut)
	return marker[1 : len(marker)-1]
}

// cutMark begins the marker at the end of a text that was cut.
const cutMark = "…[truncated: "

// appendCut writes the first n bytes of text (less what would split a character) and a marker with the whole's length and hash.
func appendCut(b []byte, text string, n int) []byte {
	for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
		n--
	}
	b = append(b, text[:n]...)
	b = append(b, cutMark...)
	b = strconv.AppendInt(b, int64(len(text)), 10)
	b = append(b, " bytes, sha256:"...)
	sum := hashOf(text)
	b = hex.AppendEncode(b, sum[:])
	return append(b, ']')
}

func appendTruncated(b, value []byte) []byte {
	sum := sha256.Sum256(value)
	b = append(b, `{"$truncated":{"bytes":`...)
	b = strconv.AppendInt(b, int64(len(value)), 10)
	b = append(b, `,"sha256":"`...)
	b = hex.AppendEncode(b, sum[:])
	return append(b, `"}}`...)
}

// headWithin gives how many bytes of text surely fit into want bytes of JSON.
func headWithin(text []byte, want int) int {
	n := 0
	for n < len(text) {
		r, width := utf8.DecodeRune(text[n:])
		switch {
		case r < ' ', r == utf8.RuneError, r == '\u2028', r == '\u2029':
			want -= worstEscape
		case r == '"', r == '\\':
			want -= 2
		default:
			want -= width
		}
		if want < 0 {
			return n
		}
		n += width
	}
	return n
}

// memberNameLen is the length of `"name":` at the beginning of a member.
func memberNameLen(member []byte) int {
	for i := 1; i < len(member); i++ {
		switch member[i] {
		case '\\':
			i++
		case '"':
			return i + len(`":`)
		}
	}
	return len(member)
}
