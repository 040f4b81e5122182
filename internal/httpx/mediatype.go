package httpx

import (
	"mime"
	"net/http"
	"strings"
)

// IsJSON tells whether the header announces JSON: application/json, or any type that ends
// in +json, whatever its parameters.
func IsJSON(h http.Header) bool {
	mediaType, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && mediaType == "" {
		return false
	}
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}
