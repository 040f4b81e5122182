package sentinel_test

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestUpload(t *testing.T) {
	platform, client := started(t)
	path := filepath.Join(t.TempDir(), "cas.pdf")
	noError(t, os.WriteFile(path, []byte("%PDF-1.7 holdings"), 0o600))
	doc, err := client.Documents.UploadFile(t.Context(), path)
	noError(t, err)
	if doc.ID != "doc_1" || doc.State != sentinel.StateQueued || doc.Name != "cas.pdf" || doc.Size != 17 || !strings.Contains(string(doc.Raw), `"filename"`) {
		t.Errorf("got %+v", doc)
	}
	got := platform.Documents()[0]
	if got.Name != "cas.pdf" || got.ContentType != "application/pdf" || string(got.Content) != "%PDF-1.7 holdings" {
		t.Errorf("the platform has %+v", got)
	}
}

func TestUploadIsAFormOfAKnownLength(t *testing.T) {
	for name, c := range map[string]struct {
		content io.Reader
		opts    []sentinel.UploadOption
		known   bool
	}{
		"bytes":          {bytes.NewReader([]byte("content")), nil, true},
		"buffer":         {bytes.NewBufferString("content"), nil, true},
		"section":        {io.NewSectionReader(strings.NewReader("content"), 0, 7), nil, true},
		"stream":         {stream{strings.NewReader("content")}, nil, false},
		"told stream":    {stream{strings.NewReader("content")}, []sentinel.UploadOption{sentinel.WithSize(7)}, true},
		"empty":          {strings.NewReader(""), nil, true},
		"nothing at all": {stream{strings.NewReader("")}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			platform, client := started(t)
			doc, err := client.Documents.Upload(t.Context(), "a.txt", c.content, c.opts...)
			noError(t, err)
			request := platform.Requests()[0]
			if (request.Length > 0) != c.known || doc.Size != platform.Documents()[0].Size {
				t.Errorf("the request's length is %d, known: want %v; the document %+v", request.Length, c.known, doc)
			}
			if kind, params, err := mime.ParseMediaType(request.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
				t.Errorf("the request's content type is %q", request.Header.Get("Content-Type"))
			}
		})
	}
}

// TestUploadIsNotHeldInMemory writes the second half only when the first one has arrived.
func TestUploadIsNotHeldInMemory(t *testing.T) {
	arrived := make(chan struct{})
	half := strings.Repeat("x", 1<<20)
	client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.CopyN(io.Discard, r.Body, 1<<20)
		close(arrived)
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"doc_id": 17}`)
	}))
	content, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, half)
		<-arrived
		_, _ = io.WriteString(writer, half)
		_ = writer.Close()
	}()
	doc, err := client.Documents.Upload(t.Context(), "big.bin", content)
	noError(t, err)
	if doc.ID != "17" || doc.Size != 2<<20 {
		t.Errorf("got %+v", doc)
	}
}

func TestUploadTellsWhatWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		platform.Inject(sentineltest.Fault{Status: 503})
		client := clientOf(t, platform)
		var told []int64
		content := strings.NewReader(strings.Repeat("x", 100_000))
		_, err := client.Documents.Upload(t.Context(), "a.bin", content, sentinel.OnSent(func(sent, total int64) {
			if total != 100_000 {
				t.Errorf("the total is %d", total)
			}
			told = append(told, sent)
		}))
		noError(t, err)
		starts := 0
		for i, sent := range told {
			if sent == 0 {
				starts++
			} else if sent <= told[i-1] {
				t.Errorf("%d bytes after %d", sent, told[i-1])
			}
		}
		if starts != 2 || told[len(told)-1] != 100_000 {
			t.Errorf("told %v, want two attempts that end with the whole", told)
		}
	})
}

func TestUploadTellsOfAStreamThatItsSizeIsUnknown(t *testing.T) {
	_, client := started(t)
	var totals []int64
	_, err := client.Documents.Upload(t.Context(), "a.bin", stream{strings.NewReader("content")}, sentinel.OnSent(func(_, total int64) { totals = append(totals, total) }))
	noError(t, err)
	if !slices.Equal(totals, []int64{-1, -1}) {
		t.Errorf("totals %v", totals)
	}
}

func TestUploadIsTriedAgainFromWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		platform.Inject(sentineltest.Fault{Status: 503}, sentineltest.Fault{Drop: true}, sentineltest.Fault{Status: 429})
		content := strings.NewReader("skipped, " + strings.Repeat("kept", 200_000))
		_, err := content.Seek(9, io.SeekStart)
		noError(t, err)
		doc, err := clientOf(t, platform).Documents.Upload(t.Context(), "a.bin", content)
		noError(t, err)
		if got := platform.Documents(); len(got) != 1 || !bytes.HasPrefix(got[0].Content, []byte("keptkept")) || got[0].Size != 800_000 || doc.Size != 800_000 {
			t.Errorf("the platform has %d documents, %d bytes, the first ones %q", len(got), doc.Size, got[0].Content[:8])
		}
	})
}

func TestUploadOfAStreamIsTriedOnce(t *testing.T) {
	platform, client := started(t)
	platform.Inject(sentineltest.Fault{Status: 503})
	_, err := client.Documents.Upload(t.Context(), "a.bin", stream{strings.NewReader("content")})
	if failed := wantAs[*sentinel.APIError](t, err); failed.Attempts != 1 || failed.Status != 503 || len(platform.Requests()) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestUploadRefusesWhatIsNoDocument(t *testing.T) {
	platform, client := started(t)
	for want, upload := range map[string]func() error{
		"no file name": func() error { _, err := client.Documents.Upload(t.Context(), " ", strings.NewReader("x")); return err },
		"control characters": func() error {
			_, err := client.Documents.Upload(t.Context(), "a\nb", strings.NewReader("x"))
			return err
		},
		"no content": func() error { _, err := client.Documents.Upload(t.Context(), "a", nil); return err },
		"no content type": func() error {
			_, err := client.Documents.Upload(t.Context(), "a", strings.NewReader("x"), sentinel.WithContentType("a\r\nb: c"))
			return err
		},
		"cannot be opened": func() error {
			_, err := client.Documents.UploadFile(t.Context(), filepath.Join(t.TempDir(), "none"))
			return err
		},
	} {
		if err := upload(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if n := len(platform.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestUploadKeepsNamesAndContentTypes(t *testing.T) {
	for _, c := range []struct{ name, contentType, wantName, wantType string }{
		{"/home/ada/Übersicht \"2026\".pdf", "", "Übersicht \"2026\".pdf", "application/pdf"},
		{"scan", "", "scan", "application/octet-stream"},
		{"scan", "image/png", "scan", "image/png"},
	} {
		platform, client := started(t)
		var opts []sentinel.UploadOption
		if c.contentType != "" {
			opts = append(opts, sentinel.WithContentType(c.contentType))
		}
		doc, err := client.Documents.Upload(t.Context(), c.name, strings.NewReader("x"), opts...)
		noError(t, err)
		if got := platform.Documents()[0]; got.ContentType != c.wantType || doc.Name != c.wantName {
			t.Errorf("got %q %q, want %q %q", doc.Name, got.ContentType, c.wantName, c.wantType)
		}
	}
}
