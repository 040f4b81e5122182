package sentinel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// UploadOption is for one upload.
type UploadOption interface{ applyUpload(*upload) }

type uploadOption func(*upload)

func (o uploadOption) applyUpload(u *upload) { o(u) }

// OnSent calls f when an attempt begins, with 0, and whenever more of the content was handed to the connection. total is -1 if the size is not known. When the
// upload is tried again it begins again with 0. f must not wait; it is called from one goroutine at a time, and not after Upload has returned.
func OnSent(f func(sent, total int64)) UploadOption {
	return uploadOption(func(u *upload) { u.onSent = f })
}

// WithContentType is the content type of the document. Default: by the ending of its name, else application/octet-stream.
func WithContentType(contentType string) UploadOption {
	return uploadOption(func(u *upload) { u.contentType = contentType })
}

// WithSize tells the size of a stream, so that the request has a length. What turns out to be longer or shorter is an error. Default: what can be known of
// the reader, for a file, a bytes.Reader, a bytes.Buffer and the like; of others the length is unknown, and the request is sent in chunks.
func WithSize(bytes int64) UploadOption { return uploadOption(func(u *upload) { u.size = &bytes }) }

// upload is what the options say.
type upload struct {
	name        string
	contentType string
	size        *int64 // nil = nobody told
	onSent      func(sent, total int64)
}

// Upload sends a document, as it is read: it is never in memory as a whole. name is its file name; of a path the last part is sent. When the content is an
// [io.Seeker] it is read from where it is, and an attempt that failed is followed by others; else there is one. Upload returns when nobody reads the content any
// more; only when ctx ends a Read may still be under way.
func (d *Documents) Upload(ctx context.Context, name string, content io.Reader, opts ...UploadOption) (*Document, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	u := upload{name: name}
	for _, opt := range opts {
		if opt != nil {
			opt.applyUpload(&u)
		}
	}
	f, s, err := u.prepare(content)
	if err != nil {
		return nil, err
	}
	doc := &Document{}
	err = d.core.act(ctx, u.request(ctx, f, s, doc))
	s.settle(ctx)
	if err != nil {
		return nil, err
	}
	doc.Name, doc.Size = u.name, s.sent.Load()
	return doc, nil
}

// UploadFile sends the file at path.
func (d *Documents) UploadFile(ctx context.Context, path string, opts ...UploadOption) (*Document, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("sentinel: the document cannot be opened: %w", err)
	}
	defer file.Close()
	return d.Upload(ctx, path, file, opts...)
}

func (u *upload) prepare(content io.Reader) (f *form, s *source, err error) {
	if content == nil {
		return nil, nil, errors.New("sentinel: the document has no content: the reader is nil")
	}
	if u.name, err = fileName(u.name); err != nil {
		return nil, nil, err
	}
	if u.contentType == "" {
		u.contentType = contentTypeOf(u.name)
	}
	if err := checkContentType(u.contentType); err != nil {
		return nil, nil, err
	}
	s = newSource(content)
	s.onSent = u.onSent
	if err := s.told(u.size); err != nil {
		return nil, nil, err
	}
	f, err = newForm(u.name, u.contentType)
	return f, s, err
}

func (u *upload) request(ctx context.Context, f *form, s *source, doc *Document) platform.Request {
	input := map[string]any{"file": u.name, "content_type": u.contentType}
	if s.size >= 0 {
		input["size"] = s.size
	}
	return platform.Request{
		Tool: "documents.upload", Method: http.MethodPost, Path: pathUpload,
		Body: func() (io.ReadCloser, error) {
			content, err := s.open(ctx)
			if err != nil {
				return nil, err
			}
			return io.NopCloser(f.around(content)), nil
		},
		ContentType: f.contentType, Length: f.length(s.size), Once: s.seeker == nil, Retry: s.seeker != nil,
		Input: input, Output: &sentDocument{doc, s}, Into: doc, Missing: doc.missing,
	}
}

// sentDocument is a document as it is recorded: of a stream nobody knows before how much it is.
type sentDocument struct {
	doc    *Document
	source *source
}

func (d *sentDocument) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID    string `json:"doc_id"`
		State State  `json:"status,omitempty"`
		Size  int64  `json:"size"`
	}{d.doc.ID, d.doc.State, d.source.sent.Load()})
}
