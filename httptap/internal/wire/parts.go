package wire

import (
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

func textPart(text string) types.Part { return types.Part{Type: types.PartText, Content: text} }

func reasoningPart(text string) types.Part {
	return types.Part{Type: types.PartReasoning, Content: text}
}

// textParts is no part for no text.
func textParts(text string) []types.Part {
	if text == "" {
		return nil
	}
	return []types.Part{textPart(text)}
}

func callPart(id, name string, arguments any) types.Part {
	return types.Part{Type: types.PartToolCall, ID: id, Name: name, Arguments: arguments}
}

// responsePart is what a tool answered; failed ones say so beside the fields of the schema.
func responsePart(id, name string, response any, failed bool) types.Part {
	p := types.Part{Type: types.PartToolCallResponse, ID: id, Name: name, Response: response}
	if failed {
		p.Raw = jsonOf(struct {
			Type     string `json:"type"`
			ID       string `json:"id,omitempty"`
			Name     string `json:"name,omitempty"`
			Response any    `json:"response"`
			Failed   bool   `json:"is_error"`
		}{p.Type, id, name, response, true})
	}
	return p
}

// refusalPart is a text that refuses, as package genai keeps it.
func refusalPart(text string) types.Part {
	return types.Part{Type: "refusal", Raw: jsonOf(map[string]string{"type": "refusal", "content": text})}
}

// media is a part in the schema's form for pictures, sounds and files. Their bytes are not recorded, but how many there are.
type media struct {
	Type     string `json:"type"` // blob, uri or file
	Modality string `json:"modality,omitempty"`
	MimeType string `json:"mime_type,omitempty"`
	URI      string `json:"uri,omitempty"`
	FileID   string `json:"file_id,omitempty"`
	Name     string `json:"name,omitempty"`
	Size     int    `json:"size,omitempty"`
}

func (m media) part() types.Part {
	if kind, _, _ := strings.Cut(m.MimeType, "/"); m.Modality == "" && kind != "application" {
		m.Modality = kind
	}
	return types.Part{Type: m.Type, Raw: jsonOf(m)}
}

func blobPart(modality, mime, base64 string) types.Part {
	return media{Type: "blob", Modality: modality, MimeType: mime, Size: decodedSize(base64)}.part()
}

func filePart(modality, id, name string) types.Part {
	return media{Type: "file", Modality: modality, FileID: id, Name: name}.part()
}

// locatedPart is what stands at a URL: a data: one has the bytes in it, and what follows a question mark may be a key to the place.
func locatedPart(modality, mime, location string) types.Part {
	if data, ok := strings.CutPrefix(location, "data:"); ok {
		head, bytes, _ := strings.Cut(data, ",")
		kind, _, _ := strings.Cut(head, ";")
		return blobPart(modality, kind, bytes)
	}
	u, err := url.Parse(location)
	if err != nil {
		return media{Type: "uri", Modality: modality, MimeType: mime}.part()
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return media{Type: "uri", Modality: modality, MimeType: mime, URI: u.String()}.part()
}

// decodedSize is how many bytes a base64 text stands for.
func decodedSize(base64 string) int { return len(strings.TrimRight(base64, "=")) * 3 / 4 }

// wholePart keeps what the schema has no fields for, without the bytes of pictures and the like.
func wholePart(kind string, v value) types.Part {
	o, _ := withoutBlobs(v.made()).(map[string]any)
	if o == nil {
		o = map[string]any{"content": withoutBlobs(v.made())}
	}
	if kind == "" {
		kind = "unknown"
	}
	o["type"] = kind
	return types.Part{Type: kind, Raw: jsonOf(o)}
}

// minBlob is how long a text is at least that may be bytes in base64.
const minBlob = 256

// withoutBlobs replaces bytes in base64 by their number, in place.
func withoutBlobs(v any) any {
	switch v := v.(type) {
	case string:
		if data, ok := strings.CutPrefix(v, "data:"); ok && strings.Contains(data, ";base64,") || len(v) >= minBlob && isBase64(v) {
			return map[string]any{"size": decodedSize(v[strings.IndexByte(v, ',')+1:])}
		}
	case []any:
		for i := range v {
			v[i] = withoutBlobs(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = withoutBlobs(v[name])
		}
	}
	return v
}

func isBase64(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < '0' && c != '+' && c != '/' && c != '-' || c > '9' && c < '@' && c != '=' || c > 'Z' && c < 'a' && c != '_' || c > 'z' || c == '@' {
			return false
		}
	}
	return true
}
