package sentrial

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"unsafe"

	"github.com/sentrial/sentrial-go/internal/chatjson"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// The content of an event goes into its record as the scratch's mode says: whole, as a marker with length and hash, or not at all. A marker has the JSON type that
// servers want for the field.

// contentText keeps a text.
func (s *scratch) contentText(t tag, text string) {
	if s.mode != ContentFull {
		text = s.textMarker(text)
	}
	s.text(t, text)
}

func (s *scratch) textMarker(text string) string {
	if text == "" || s.mode == ContentMetadata {
		return ""
	}
	return string(appendHashedText(nil, text))
}

// contentTexts keeps a list of texts, each by itself, so that one of them can be told to be the text of another field.
func (s *scratch) contentTexts(t tag, list []string) {
	switch s.mode {
	case ContentFull:
		s.strings(t, list)
	case ContentHashed:
		marked := make([]string, len(list))
		for i, text := range list {
			marked[i] = s.textMarker(text)
		}
		s.strings(t, marked)
	}
}

// contentValue keeps any value; nil is absent.
func (s *scratch) contentValue(t tag, v any) {
	switch {
	case s.mode == ContentFull:
		s.value(t, v)
	case s.mode == ContentHashed && v != nil:
		at := s.open(t, kindJSON)
		s.buf = appendHashedValue(s.buf, v)
		s.seal(at)
	}
}

// contentMessages keeps chat messages.
func (s *scratch) contentMessages(t tag, list []types.Message) {
	if len(list) == 0 || s.mode == ContentMetadata {
		return
	}
	at := s.open(t, kindJSON)
	if s.mode == ContentFull {
		s.buf = chatjson.AppendMessages(s.buf, list)
	} else {
		s.buf = append(appendHashedJSON(append(s.buf, '['), chatjson.AppendMessages(nil, list)), ']')
	}
	s.seal(at)
}

// contentMember writes the value of a field that this version does not know.
func (s *scratch) contentMember(b []byte, e *types.Event, name string, value json.RawMessage) []byte {
	if s.mode == ContentFull || s.isFact(e, name) {
		return jsonenc.Append(b, value)
	}
	return appendHashedValue(b, value)
}

// leavesOut tells whether an unknown field is not sent, or not under a marker. What belongs to the envelope is no content. Another name of the wire that stands
// where it does not belong may want a JSON type that markers do not have, and the event would be refused for it.
func (s *scratch) leavesOut(e *types.Event, name string) bool {
	if s.mode == ContentFull || s.isFact(e, name) {
		return false
	}
	return s.mode == ContentMetadata || e.Type.Known() && slices.Contains(tagNames[:], name)
}

// isFact tells whether an unknown field is none of content: members of the envelope, and the one of session_alias, a type that otelbridge sends.
func (s *scratch) isFact(e *types.Event, name string) bool {
	return slices.Contains(tagNames[:tagMetadata], name) || isAliasInto(e, name)
}

func isAliasInto(e *types.Event, name string) bool {
	return e.Type == "session_alias" && name == "into"
}

// maySay tells whether an unknown field may be sent under its name: it is what a known field of that name would be, and an id is one where content is withheld.
func (s *scratch) maySay(e *types.Event, name string, value json.RawMessage) bool {
	holdsID := isAliasInto(e, name) || slices.Contains([]string{tagNames[tagParentID], tagNames[tagTraceID], tagNames[tagSpanID]}, name)
	if holdsID && s.withholds() && !isID(value) {
		return false
	}
	return !slices.Contains(tagNames[:], name) || mayStand(e.Type, name, value)
}

func isID(value json.RawMessage) bool {
	var id string
	return json.Unmarshal(value, &id) == nil && (id == "" || types.ValidID(id))
}

// noteContent says in the metadata why content is not there.
func (s *scratch) noteContent(metadata map[string]any) {
	const name = "content"
	if _, taken := metadata[name]; s.mode != ContentFull && !taken {
		s.notes = append(s.notes, note{name, s.mode.name()})
	}
}

// appendHashedText writes the marker for a text.
func appendHashedText(b []byte, text string) []byte {
	sum := hashOf(text)
	b = append(b, "[hashed: "...)
	b = strconv.AppendInt(b, int64(len(text)), 10)
	b = append(b, " bytes, sha256:"...)
	b = hex.AppendEncode(b, sum[:])
	return append(b, ']')
}

// appendHashedValue writes the marker for any value: that of a text if this is what its JSON is.
func appendHashedValue(b []byte, v any) []byte {
	text, isText := v.(string)
	if !isText {
		form := jsonenc.Append(nil, v)
		if form[0] != '"' || json.Unmarshal(form, &text) != nil {
			return appendHashedJSON(b, form)
		}
	}
	return jsonenc.AppendString(b, string(appendHashedText(nil, text)))
}

func appendHashedJSON(b, form []byte) []byte {
	form = sorted(form)
	sum := sha256.Sum256(form)
	b = append(b, `{"$hashed":{"bytes":`...)
	b = strconv.AppendInt(b, int64(len(form)), 10)
	b = append(b, `,"sha256":"`...)
	b = hex.AppendEncode(b, sum[:])
	return append(b, `"}}`...)
}

// sorted gives JSON with the members of its objects in the order of their names, because maps have none and equal content is to have one hash.
func sorted(form []byte) []byte {
	if bytes.IndexByte(form, '{') < 0 {
		return form
	}
	in := json.NewDecoder(bytes.NewReader(form))
	in.UseNumber()
	var v any
	if in.Decode(&v) != nil {
		return form
	}
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	if to.Encode(v) != nil {
		return form
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// hashOf is the SHA-256 of a text, which is not copied for it: it may be very large.
func hashOf(text string) [sha256.Size]byte {
	return sha256.Sum256(unsafe.Slice(unsafe.StringData(text), len(text)))
}
