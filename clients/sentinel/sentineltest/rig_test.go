package sentineltest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// answer is a reply as a client sees it.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

func (a *answer) detail() string { return fmt.Sprint(a.body["detail"]) }

// rig asks a server.
type rig struct {
	t      *testing.T
	client *http.Client
	url    string
	token  string
}

func rigOf(t *testing.T, s *sentineltest.Server) *rig {
	served := memhttp.New(t, s)
	return &rig{t, served.Client(), served.URL(), s.Token()}
}

func (r *rig) do(method, path, contentType string, body []byte) *answer {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	req.Header.Set("Content-Type", contentType)
	reply, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer reply.Body.Close()
	a := &answer{status: reply.StatusCode, header: reply.Header}
	if err := json.NewDecoder(reply.Body).Decode(&a.body); err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (r *rig) get(id string) *answer {
	return r.do("GET", "/api/v2/status/process/"+id+"/progress", "", nil)
}

func (r *rig) send(session, message string) *answer {
	body, _ := json.Marshal(map[string]string{"message": message})
	return r.do("POST", "/api/v1/chat/"+session+"/messages", "application/json", body)
}

func (r *rig) upload(field, name, content string) *answer {
	contentType, body := form(field, name, content)
	return r.do("POST", "/api/v1/nexus/upload", contentType, body)
}

func form(field, name, content string) (contentType string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	other, _ := w.CreateFormField("comment")
	_, _ = io.WriteString(other, "besides")
	part, _ := w.CreateFormFile(field, name)
	_, _ = io.WriteString(part, content)
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

func (a *answer) want(t *testing.T, status int, detail string) {
	t.Helper()
	if a.status != status || detail != "" && !strings.Contains(a.detail(), detail) {
		t.Errorf("got %d %v, want %d %q", a.status, a.body, status, detail)
	}
}
