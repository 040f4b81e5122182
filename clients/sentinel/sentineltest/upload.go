package sentineltest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
)

// received is a file as it was uploaded.
type received struct {
	name, contentType string
	size              int64
	content           []byte // of small ones
	sum               string
}

// keptContent is the largest document whose content is kept.
const keptContent = 1 << 20

var (
	errTooLarge = errors.New("too large")
	errBroken   = errors.New("the form is not whole")
)

func (s *Server) upload(r *http.Request) *reply {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/form-data" || params["boundary"] == "" {
		return failed(http.StatusBadRequest, "Expected multipart/form-data with a boundary")
	}
	file, err := s.receive(multipart.NewReader(r.Body, params["boundary"]))
	switch {
	case errors.Is(err, errTooLarge):
		return failed(http.StatusRequestEntityTooLarge, "File too large")
	case err != nil:
		return failed(http.StatusBadRequest, "There was an error parsing the body")
	case file == nil:
		return failed(http.StatusBadRequest, "Field required: file")
	case file.name == "":
		return failed(http.StatusBadRequest, "The file has no name")
	}
	return answered(http.StatusOK, s.take(file))
}

// receive reads the whole form, and keeps the field named file.
func (s *Server) receive(form *multipart.Reader) (file *received, err error) {
	for {
		part, err := form.NextPart()
		if err == io.EOF { //nolint:errorlint // one that is wrapped says that the form was cut short
			return file, nil
		}
		if err != nil {
			return nil, errors.Join(errBroken, err)
		}
		if part.FormName() != "file" || file != nil {
			continue
		}
		if file, err = s.receiveFile(part); err != nil {
			return nil, err
		}
	}
}

func (s *Server) receiveFile(part *multipart.Part) (*received, error) {
	f := &received{name: part.FileName(), contentType: part.Header.Get("Content-Type")}
	sum := sha256.New()
	kept := &head{most: keptContent}
	size, err := io.Copy(io.MultiWriter(sum, kept), io.LimitReader(part, s.cfg.maxUpload+1))
	switch {
	case err != nil:
		return nil, errors.Join(errBroken, err)
	case size > s.cfg.maxUpload:
		return nil, errTooLarge
	}
	f.size, f.sum, f.content = size, hex.EncodeToString(sum.Sum(nil)), kept.whole(size)
	return f, nil
}

// head keeps the beginning of what is written.
type head struct {
	most int
	kept []byte
}

func (h *head) Write(p []byte) (int, error) {
	h.kept = append(h.kept, p[:min(len(p), h.most-len(h.kept))]...)
	return len(p), nil
}

// whole is what was kept, if that is all.
func (h *head) whole(size int64) []byte {
	if int64(len(h.kept)) < size {
		return nil
	}
	return h.kept
}
