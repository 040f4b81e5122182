package agentidp

import (
	"io"
	"net/url"
	"strings"
)

// formBody is a form as the body of a request, made anew for each attempt.
func formBody(form url.Values) (body func() (io.ReadCloser, error), length int64) {
	text := form.Encode()
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, int64(len(text))
}
