package sentrial

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"
	"time"
	"unsafe"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// Version is this SDK's version, as it tells the server.
const Version = "0.1.0"

// envelope is what a request says beside its events. It is made once per client; only sent_at changes.
type envelope struct {
	head []byte // {"client":{...}
}

func newEnvelope(clientID string, c *config) *envelope {
	head, err := json.Marshal(struct {
		Client any `json:"client"`
	}{struct {
		ID          string `json:"id"`
		SDK         string `json:"sdk"`
		Version     string `json:"version"`
		Service     string `json:"service,omitempty"`
		Environment string `json:"environment,omitempty"`
		Release     string `json:"release,omitempty"`
	}{clientID, "sentrial-go", Version, c.service, c.environment, c.release}})
	if err != nil { // strings always marshal
		head = []byte(`{"client":{}}`)
	}
	return &envelope{head: head[:len(head)-1]}
}

// appendBody makes a request body of records. The same records always give the same bytes for events, whatever the batch.
func (e *envelope) appendBody(b []byte, records [][]byte, now time.Time) []byte {
	b = e.appendHead(slices.Grow(b, len(e.head)+likelySize(records)), now)
	for i, r := range records {
		b = appendElement(b, i, r)
	}
	return append(b, bodyTail...)
}

// writeBody is appendBody in pieces, for a writer that keeps none of them. It returns the memory of the last one, to be used again.
func (e *envelope) writeBody(w io.Writer, memory []byte, records [][]byte, now time.Time) (piece []byte, err error) {
	const enough = 32 << 10 // so little stays in the processor's cache
	piece = e.appendHead(memory[:0], now)
	for i, r := range records {
		if piece = appendElement(piece, i, r); len(piece) < enough {
			continue
		}
		if _, err := w.Write(piece); err != nil {
			return piece, err
		}
		piece = piece[:0]
	}
	_, err = w.Write(append(piece, bodyTail...))
	return piece, err
}

const bodyTail = "]}"

func (e *envelope) appendHead(b []byte, now time.Time) []byte {
	b = append(b, e.head...)
	b = append(b, `,"sent_at":`...)
	b = jsonenc.AppendTime(b, now)
	return append(b, `,"events":[`...)
}

// appendElement writes one record as element i of the list.
func appendElement(b []byte, i int, record []byte) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return appendEvent(b, record)
}

// likelySize is room for the JSON of records, unless very many of their characters have to be escaped.
func likelySize(records [][]byte) (size int) {
	const names, escapes = 256, 16 // the names of an event's fields, and one character of so many that is escaped
	for _, r := range records {
		size += names + len(r) + len(r)/escapes
	}
	return size
}

// appendEvent writes one record as the flat JSON object of the wire.
func appendEvent(b, record []byte) []byte {
	begin := len(b)
	for rest := record[recordHeader:]; len(rest) > 0; {
		var f field
		f, rest = nextField(rest)
		b = append(b, fieldPrefixes[f.tag]...)
		b = appendData(b, f)
	}
	if len(b) == begin {
		b = append(b, ',')
	}
	b[begin] = '{' // where a comma is
	return append(b, '}')
}

// fieldPrefixes are what stands before the data of each field: a comma and, unless the data holds it, the name.
var fieldPrefixes = func() (prefixes [len(tagNames)]string) {
	for t, name := range tagNames {
		if prefixes[t] = ","; name != "" {
			prefixes[t] = `,"` + name + `":`
		}
	}
	return prefixes
}()

func appendData(b []byte, f field) []byte {
	switch f.kind {
	case kindText, kindCutText:
		return jsonenc.AppendString(b, unsafe.String(unsafe.SliceData(f.data), len(f.data))) // read during the call only
	case kindInt:
		return strconv.AppendInt(b, int64(binary.LittleEndian.Uint64(f.data)), 10)
	case kindFloat:
		return jsonenc.AppendFloat(b, math.Float64frombits(binary.LittleEndian.Uint64(f.data)))
	case kindTime:
		return jsonenc.AppendTime(b, time.Unix(0, int64(binary.LittleEndian.Uint64(f.data))))
	case kindDuration:
		return jsonenc.AppendMilliseconds(b, time.Duration(binary.LittleEndian.Uint64(f.data)))
	}
	return append(b, f.data...)
}
