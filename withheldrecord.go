package sentrial

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// contentTags are the fields of a record that hold content.
var contentTags = []tag{
	tagInput, tagSummary, tagOutput, tagToolInput, tagToolOutput, tagReasoning, tagError, tagAlternatives, tagChosen, tagPrompt, tagResponse, tagMessages,
	tagOutputMessages, tagToolDefinitions, tagErrorMessage, tagStackTrace, tagComment,
}

// withheldRecord is for a record that was made before a stricter mode was set: it gives the same with no more content than mode allows.
func withheldRecord(record []byte, mode ContentMode) []byte {
	s := scratch{mode: mode}
	s.begin(record[4])
	metadata := []byte("{}")
	for _, f := range fieldsOf(record) {
		switch {
		case f.tag == tagMetadata:
			metadata = f.data
		case f.kind == kindMember: // fields that this version does not know
		case slices.Contains(contentTags, f.tag):
			s.withheldField(f)
		default:
			s.field(f)
		}
	}
	s.field(field{tagMetadata, kindJSON, withheldMetadata(metadata, mode)})
	s.end()
	return s.buf
}

// withheldField keeps the marker of a field, unless the field was cut: then what there is to hash is not what was said.
func (s *scratch) withheldField(f field) {
	switch {
	case s.mode == ContentMetadata, f.kind == kindCutText, f.kind == kindJSON && bytes.HasPrefix(f.data, []byte(`{"$truncated":`)):
	case f.tag == tagMessages, f.tag == tagOutputMessages:
		s.field(field{f.tag, kindJSON, append(appendHashedJSON([]byte{'['}, f.data), ']')})
	case f.kind == kindText:
		s.contentText(f.tag, string(f.data))
	default:
		s.contentValue(f.tag, json.RawMessage(f.data))
	}
}

// withheldMetadata says the mode, unless the program has put something else there, and of what was omitted no more than its type and size.
func withheldMetadata(metadata []byte, mode ContentMode) []byte {
	members := make(map[string]any)
	if raw := map[string]json.RawMessage(nil); json.Unmarshal(metadata, &raw) == nil {
		for name, value := range raw {
			members[name] = value
		}
	}
	for _, t := range []tag{tagTraceID, tagSpanID} {
		if name := "omitted_" + tagNames[t]; members[name] != nil {
			members[name] = withheldNote(members[name])
		}
	}
	if said, _ := members["content"].(json.RawMessage); said == nil || string(said) == `"`+ContentHashed.name()+`"` {
		members["content"] = mode.name()
	}
	return jsonenc.AppendMap(nil, members)
}
