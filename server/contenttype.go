package server

import (
	"mime"
	"net/http"
)

// form is how the events lie in a body: a decoder's method that reads them.
type form func(*decoder) error

// formOf is what the Content-Type says, for bodies that may be a batch or lines.
func formOf(r *http.Request) (form, error) {
	if mediaOf(r) == "application/x-ndjson" {
		return (*decoder).lines, nil
	}
	return (*decoder).request, needMedia(r, "application/json or application/x-ndjson")
}

// checkContentType refuses bodies that are not JSON.
func checkContentType(r *http.Request) error { return needMedia(r, "application/json") }

func needMedia(r *http.Request, wanted string) error {
	switch header := r.Header.Get("Content-Type"); {
	case mediaOf(r) == "application/json":
		return nil
	case header == "":
		return mediaType("Content-Type is missing, send " + wanted)
	default:
		return mediaType("Content-Type " + shorten(header) + " is not taken, send " + wanted)
	}
}

// mediaOf is the media type of a body without its parameters, "" when that is none.
func mediaOf(r *http.Request) string {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}
