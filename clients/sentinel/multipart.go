package sentinel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// form is a form of one file, without the file: what comes before its content and what comes after.
type form struct {
	head, tail  []byte
	contentType string // of the form
}

// newForm frames a file. Its boundary is random, so that no content has it.
func newForm(name, contentType string) (*form, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	header := textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(uploadField, name)},
		"Content-Type":        {contentType},
	}
	if _, err := w.CreatePart(header); err != nil {
		return nil, err
	}
	head := b.Len()
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &form{b.Bytes()[:head], b.Bytes()[head:], w.FormDataContentType()}, nil
}

// around puts the form around the content.
func (f *form) around(content io.Reader) io.Reader {
	return io.MultiReader(bytes.NewReader(f.head), content, bytes.NewReader(f.tail))
}

// length is that of the form around a content of so many bytes, 0 if that is unknown.
func (f *form) length(content int64) int64 {
	if content < 0 {
		return 0
	}
	return int64(len(f.head)) + content + int64(len(f.tail))
}

// fileName is the last part of a path: where a file is on this machine is nobody's business.
func fileName(name string) (string, error) {
	base := filepath.Base(name)
	switch {
	case strings.TrimSpace(name) == "" || base == "." || base == ".." || base == string(filepath.Separator):
		return "", errors.New("sentinel: the document has no file name: give one such as cas.pdf")
	case !utf8.ValidString(base) || strings.ContainsFunc(base, unicode.IsControl):
		return "", errors.New("sentinel: the document's file name has control characters, or is not UTF-8")
	}
	return base, nil
}

// contentTypeOf goes by the name's ending.
func contentTypeOf(name string) string {
	if known := mime.TypeByExtension(filepath.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}

func checkContentType(text string) error {
	if _, _, err := mime.ParseMediaType(text); err != nil || strings.ContainsFunc(text, unicode.IsControl) {
		return fmt.Errorf("sentinel: %q is no content type: give one such as application/pdf", text)
	}
	return nil
}
