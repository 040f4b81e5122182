package apiclient

import (
	"net/url"
	"strings"
)

// segment is an id as a part of a path. One of nothing but dots would be taken for a way through the path, not for a name.
func segment(id string) string {
	if strings.Trim(id, ".") == "" {
		return strings.ReplaceAll(id, ".", "%2E")
	}
	return url.PathEscape(id)
}
