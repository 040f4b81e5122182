package sentinel_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"testing"

	"github.com/sentrial/sentrial-go/clients/sentinel"
)

func FuzzReplies(f *testing.F) {
	for _, seed := range []string{
		`{"doc_id": "d", "status": "queued"}`, `{"id": 12, "state": "DONE", "progress": "45%"}`, `{"message": {"content": "yes"}}`, `{"detail": [{"loc": ["body", 0], "msg": "m"}]}`,
		`{"progress": "NaN"}`, `null`, `[]`, `{"status": 1e999}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		_ = sentinel.DetailIn(body)
		var doc sentinel.Document
		var progress sentinel.Progress
		var message sentinel.Message
		if json.Unmarshal(body, &doc) == nil && (doc.ID == "") != (sentinel.Missing(&doc) != "") {
			t.Errorf("document %+v misses %q", doc, sentinel.Missing(&doc))
		}
		if json.Unmarshal(body, &progress) == nil && progress.Percent != nil && !(*progress.Percent >= 0 && *progress.Percent <= 100) {
			t.Errorf("%v percent", *progress.Percent)
		}
		if json.Unmarshal(body, &message) == nil && (message.Content == "") != (sentinel.Missing(&message) != "") {
			t.Errorf("message %+v misses %q", message, sentinel.Missing(&message))
		}
	})
}

// FuzzForm holds the form that is sent against the parser of the standard library.
func FuzzForm(f *testing.F) {
	f.Add("cas.pdf", "application/pdf", []byte("content"))
	f.Add(`a "quoted" \name.txt`, "text/plain; charset=utf-8", []byte("--boundary--\r\n"))
	f.Add("名前%22.txt", "x/y", []byte{})
	f.Fuzz(func(t *testing.T, name, contentType string, content []byte) {
		form, formType, length, err := sentinel.Form(name, contentType, bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return // no name for a file, or no content type
		}
		whole, err := io.ReadAll(form)
		noError(t, err)
		if int64(len(whole)) != length {
			t.Errorf("%d bytes, said to be %d", len(whole), length)
		}
		_, params, err := mime.ParseMediaType(formType)
		noError(t, err)
		reader := multipart.NewReader(bytes.NewReader(whole), params["boundary"])
		part, err := reader.NextPart()
		noError(t, err)
		got, err := io.ReadAll(part)
		noError(t, err)
		if !bytes.Equal(got, content) || part.FormName() != "file" || len(part.Header) != 2 || part.FileName() == "" {
			t.Errorf("%q: got %q in %v", name, got, part.Header)
		}
		if _, err := reader.NextPart(); err != io.EOF { // one that is wrapped says that the form was cut short
			t.Errorf("after the file: %v", err)
		}
	})
}
