package server

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
	"github.com/sentrial/sentrial-go/server/store"
)

const (
	maxKeyRequest = 16 << 10
	maxKeyName    = 256
)

// Scopes are what a key may allow.
var Scopes = []string{string(scopeWrite), string(scopeRead), string(scopeAdmin)}

// readKeyRequest reads what key to make: its name, scopes and end.
func (s *Server) readKeyRequest(w http.ResponseWriter, r *http.Request, now time.Time) (store.Key, error) {
	if err := checkContentType(r); err != nil {
		return store.Key{}, err
	}
	if r.Header.Get("Content-Encoding") != "" {
		return store.Key{}, mediaType("Content-Encoding is not taken here")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxKeyRequest))
	var tooMany *http.MaxBytesError
	switch {
	case r.ContentLength > maxKeyRequest || errors.As(err, &tooMany):
		return store.Key{}, &apiError{status: http.StatusRequestEntityTooLarge, code: codeTooLarge, message: "the body is longer than 16 KiB"}
	case err != nil:
		return store.Key{}, s.wireError(err)
	}
	return decodeKeyRequest(body, now)
}

func decodeKeyRequest(body []byte, now time.Time) (k store.Key, err error) {
	o, err := readWholeObject(body)
	if err != nil {
		return k, err
	}
	o.dropNulls()
	if k.Name, err = keyName(o.take("name")); err != nil {
		return k, err
	}
	if k.Scopes, err = keyScopes(o.take("scopes")); err != nil {
		return k, err
	}
	if k.ExpiresAt, err = keyEnd(o.take("expires_in"), o.take("expires_at"), now); err != nil {
		return k, err
	}
	if len(o.members) > 0 {
		return k, invalid("%s is not known here, these are: name, scopes, expires_in, expires_at", quote(string(o.members[0].key)))
	}
	return k, nil
}

// readWholeObject takes apart a body that must be a JSON object and nothing else.
func readWholeObject(body []byte) (sentObject, error) {
	if !utf8.Valid(body) {
		return sentObject{}, invalid("the body is not valid UTF-8")
	}
	scan := jsonscan.New(body)
	raw, _, err := scan.Value()
	if err == nil {
		err = scan.End()
	}
	switch {
	case err != nil:
		return sentObject{}, malformed(err)
	case raw[0] != '{':
		return sentObject{}, invalid("the body must be a JSON object, not %s", describe(raw))
	}
	o, p := readObject(raw)
	if p != nil {
		return o, invalid("the body: %s", p.message)
	}
	return o, nil
}

func keyName(raw []byte) (string, error) {
	if raw == nil {
		return "", nil
	}
	name, p := readText(raw)
	if p == nil && (len(name) > maxKeyName || strings.ContainsFunc(name, isControl)) {
		p = wrong("expected at most 256 bytes without control characters")
	}
	if p == nil && keyForm.MatchString(name) {
		p = wrong("expected a name, not a key")
	}
	if p != nil {
		return "", invalid("name: %s", p.message)
	}
	return name, nil
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }

// keyScopes returns the scopes named, once each and in their order.
func keyScopes(raw []byte) ([]string, error) {
	if raw == nil {
		return nil, invalid("scopes: expected some of %s", strings.Join(Scopes, ", "))
	}
	named, p := readTexts(raw)
	if p != nil {
		return nil, invalid("scopes: %s", p.message)
	}
	for _, name := range named {
		if !slices.Contains(Scopes, name) {
			return nil, invalid("scopes: %s is none, these are: %s", quote(name), strings.Join(Scopes, ", "))
		}
	}
	if len(named) == 0 {
		return nil, invalid("scopes: expected some of %s", strings.Join(Scopes, ", "))
	}
	return slices.DeleteFunc(slices.Clone(Scopes), func(scope string) bool { return !slices.Contains(named, scope) }), nil
}

// keyEnd reads until when a key is good, one way or the other; zero = for ever.
func keyEnd(after, at []byte, now time.Time) (time.Time, error) {
	switch {
	case after != nil && at != nil:
		return time.Time{}, invalid("expected expires_in or expires_at, not both")
	case after != nil:
		return keyEndAfter(after, now)
	case at == nil:
		return time.Time{}, nil
	}
	end, p := readTime(at)
	switch {
	case p != nil:
		return time.Time{}, invalid("expires_at: %s", p.message)
	case !end.After(now):
		return time.Time{}, invalid("expires_at: expected a time to come")
	}
	return end, nil
}

func keyEndAfter(raw []byte, now time.Time) (time.Time, error) {
	text, p := readText(raw)
	d, ok := parseBack(text)
	if end := now.Add(d).UTC(); p == nil && ok && storable(end) {
		return end, nil
	}
	return time.Time{}, invalid("expires_in: expected a duration such as 12h or 90d, got %s", show(raw))
}
