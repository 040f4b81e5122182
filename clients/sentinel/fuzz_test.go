package sentinel_test

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

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
		if json.Unmarshal(body, &doc) == nil && (doc.ID == "") != (doc.Missing() != "") {
			t.Errorf("document %+v misses %q", doc, doc.Missing())
		}
		if json.Unmarshal(body, &progress) == nil && progress.Percent != nil && !(*progress.Percent >= 0 && *progress.Percent <= 100) {
			t.Errorf("%v percent", *progress.Percent)
		}
		if json.Unmarshal(body, &message) == nil && (message.Content == "") != (message.Missing() != "") {
			t.Errorf("message %+v misses %q", message, message.Missing())
		}
	})
}

// FuzzUpload holds the form that is sent against the parser of the standard library.
func FuzzUpload(f *testing.F) {
	f.Add("cas.pdf", []byte("content"))
	f.Add(`a "quoted" \name.txt`, []byte("--boundary--\r\n"))
	f.Add("名前%22.txt", []byte{})
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		var got string
		var field, disposition string
		client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reader, err := r.MultipartReader()
			noError(t, err)
			part, err := reader.NextPart()
			noError(t, err)
			read, err := io.ReadAll(part)
			noError(t, err)
			got, field, disposition = string(read), part.FormName(), part.Header.Get("Content-Disposition")
			jsonReply(`{"id": "d"}`)(w, r)
		}))
		doc, err := client.Documents.Upload(t.Context(), name, strings.NewReader(string(content)))
		if err != nil {
			return // no name for a file
		}
		if got != string(content) || field != "file" || !utf8.ValidString(doc.Name) || doc.Name != filepath.Base(name) {
			t.Errorf("%q: got %q in %q as %q", name, got, field, doc.Name)
		}
		if kind, _, err := mime.ParseMediaType(disposition); err != nil || kind != "form-data" {
			t.Errorf("%q: %v of %s", name, err, disposition)
		}
	})
}
