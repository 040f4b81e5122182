package sentrial

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// Degrade trades content for events: above three quarters of the queue's bound, what is recorded keeps its facts and its short content, and of bulky content no
// more than its size. So an outage that would overflow the queue with prompts lasts several times as long before an event is lost.

// bulkyContent is the size in bytes from which a field of content is left out.
const bulkyContent = 256

// crowding tells callers, without the batcher's lock, whether the queue is above three quarters of its bound.
type crowding struct{ high atomic.Bool }

func (c *crowding) update(used, limit int) {
	if high := used > limit/4*3; high != c.high.Load() {
		c.high.Store(high)
	}
}

// lightening is the memory for making a record lighter. It comes from a pool, as this happens to every event while the queue is nearly full, when garbage is least welcome.
type lightening struct {
	fields []field
	record recordWriter
}

var lightenings = sync.Pool{New: func() any { return new(lightening) }}

func (l *lightening) free() {
	if cap(l.record.buf) <= maxPooledScratch {
		clear(l.fields)
		lightenings.Put(l)
	}
}

// degraded gives a record without its bulky content, or the record itself if there is none. It is good until free.
func (l *lightening) degraded(record []byte) []byte {
	l.fields = appendFields(l.fields[:0], record)
	fields := l.fields
	isBulky := func(f field) bool {
		return len(f.data) > bulkyContent && (f.kind == kindMember || slices.Contains(contentTags, f.tag))
	}
	if !slices.ContainsFunc(fields, isBulky) {
		return record
	}
	for i, f := range fields {
		if isBulky(f) {
			fields[i] = lightened(f)
		}
	}
	l.fields = marked(fields, `"degraded":true`)
	return l.record.recordOf(record[4], l.fields)
}

// lightened is what stands for bulky content, in the JSON type that the server takes for the field.
func lightened(f field) field {
	marker := fmt.Appendf(nil, `{"$omitted":"the queue was nearly full, %d bytes"}`, len(f.data))
	switch {
	case f.kind == kindText, f.kind == kindCutText:
		return field{f.tag, kindText, fmt.Appendf(nil, "[left out: %d bytes, the queue was nearly full]", len(f.data))}
	case f.kind == kindMember:
		return field{f.tag, f.kind, slices.Concat(shortName(f.data), marker)}
	case f.tag == tagMessages, f.tag == tagOutputMessages:
		return field{f.tag, f.kind, slices.Concat([]byte{'['}, marker, []byte{']'})}
	case f.tag == tagAlternatives:
		return field{f.tag, f.kind, []byte(`["[left out: ` + strconv.Itoa(len(f.data)) + ` bytes, the queue was nearly full]"]`)}
	}
	return field{f.tag, f.kind, marker}
}

// shortName is the name of a member with its colon, unless the name itself is bulky.
func shortName(member []byte) []byte {
	if n := memberNameLen(member); n <= bulkyContent {
		return member[:n]
	}
	return []byte(`"$omitted":`)
}

// marked adds a member to the metadata of a record's fields, which come last.
func marked(fields []field, member string) []field {
	metadata := []byte("{" + member + "}")
	rest := slices.DeleteFunc(fields, func(f field) bool {
		if f.tag == tagMetadata && f.kind == kindJSON && !bytes.Equal(f.data, []byte("{}")) {
			metadata = append(slices.Clone(f.data[:len(f.data)-1]), ","+member+"}"...)
		}
		return f.tag == tagMetadata
	})
	return append(rest, field{tagMetadata, kindJSON, metadata})
}
