package sentinel

import "io"

// DetailIn gives the detail of a body.
var DetailIn = detailIn

// Missing names what a reply must have and has not.
func Missing(reply interface{ missing() string }) string { return reply.missing() }

// Form gives the form that content is sent in, its content type, and how long it is said to be.
func Form(name, contentType string, content io.Reader, size int64) (form io.Reader, formType string, length int64, err error) {
	if name, err = fileName(name); err != nil {
		return nil, "", 0, err
	}
	if err = checkContentType(contentType); err != nil {
		return nil, "", 0, err
	}
	f, err := newForm(name, contentType)
	if err != nil {
		return nil, "", 0, err
	}
	return f.around(content), f.contentType, f.length(size), nil
}
