package platform

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// ReplyError says that a reply was a success and is not understood. Whether the request was carried out is unknown.
type ReplyError struct {
	Status int
	Why    string // never the reply's own text
}

func (e *ReplyError) Error() string {
	return fmt.Sprintf("reply with status %d not understood: %s", e.Status, e.Why)
}

// read decodes a success.
func read(r *httpx.Response, q *Request) error {
	into := q.Into
	if into == nil {
		return nil
	}
	garbled := func(why string) error { return &ReplyError{Status: r.Status, Why: why} }
	switch {
	case r.Truncated:
		return garbled(fmt.Sprintf("it is longer than %d bytes", len(r.Body)))
	case !httpx.IsJSON(r.Header):
		return garbled("it does not say that it is JSON")
	}
	reflect.ValueOf(into).Elem().SetZero() // what an earlier attempt left
	if err := json.Unmarshal(r.Body, into); err != nil {
		return garbled(shape(err))
	}
	if q.Missing != nil {
		if field := q.Missing(); field != "" {
			return garbled("it has no " + field)
		}
	}
	return nil
}

// shape says what is wrong with JSON, without the values in it.
func shape(err error) string {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Sprintf("%s is a JSON %s", kind.Field, firstWord(kind.Value))
	case errors.As(err, &kind):
		return "it is a JSON " + firstWord(kind.Value)
	}
	return "it is not the JSON that was expected"
}

// firstWord leaves a number's digits out: "number 17".
func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
