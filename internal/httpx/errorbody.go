package httpx

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxForeign bounds in bytes each text that is taken over from a foreign reply.
const maxForeign = 512

// ErrorBody is what a failed reply says of itself.
type ErrorBody struct {
	Code      string // "" when the reply names none
	Message   string // never empty
	RequestID string // from the body, else from X-Request-Id
}

// wireError holds the three shapes that are understood:
//
//	{"error": {"code", "message", "request_id"}}
//	{"error": "code", "message": "..."}
//	{"error": "code", "error_description": "..."}
type wireError struct {
	Error       json.RawMessage `json:"error"`
	Message     json.RawMessage `json:"message"`
	Description json.RawMessage `json:"error_description"`
	RequestID   json.RawMessage `json:"request_id"`
}

type wireErrorDetail struct {
	Code      json.RawMessage `json:"code"`
	Message   json.RawMessage `json:"message"`
	RequestID json.RawMessage `json:"request_id"`
}

// ParseError reads the error from a reply's body, whatever its content type says. A body
// in another shape gives the status text as message, and never its own text: that may be a
// web page. A nil Header is empty. Control characters become spaces, texts are cut at 512 bytes.
func ParseError(r *Response) ErrorBody {
	var found ErrorBody
	var wire wireError
	if json.Unmarshal(r.Body, &wire) == nil {
		found = wire.errorBody()
	}
	if found.Message == "" {
		found.Message = cmp.Or(http.StatusText(r.Status), "status "+strconv.Itoa(r.Status))
	}
	if found.RequestID == "" {
		found.RequestID = foreign(r.Header.Get("X-Request-Id"))
	}
	return found
}

func (w *wireError) errorBody() ErrorBody {
	var detail wireErrorDetail
	if json.Unmarshal(w.Error, &detail) == nil {
		return ErrorBody{
			Code:      text(detail.Code),
			Message:   text(detail.Message),
			RequestID: cmp.Or(text(detail.RequestID), text(w.RequestID)),
		}
	}
	return ErrorBody{
		Code:      text(w.Error),
		Message:   cmp.Or(text(w.Message), text(w.Description)),
		RequestID: text(w.RequestID),
	}
}

// text returns a JSON string's text; any other value has none.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return foreign(s)
}

// foreign makes a text from elsewhere fit for one line of a log.
func foreign(s string) string {
	if len(s) > 4*maxForeign { // enough, even if much of it is white space
		s = s[:4*maxForeign]
	}
	s = strings.Map(printable, strings.ToValidUTF8(s, ""))
	return cutAt(strings.TrimSpace(s), maxForeign)
}

// printable turns line ends and the like into spaces, and drops what is invisible, such as
// the marks that change the direction of writing.
func printable(r rune) rune {
	switch {
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	case !unicode.IsGraphic(r):
		return -1
	}
	return r
}

// cutAt shortens s to at most n bytes, not cutting a character in two.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
