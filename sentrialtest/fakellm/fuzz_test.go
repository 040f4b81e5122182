package fakellm_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

var fuzzPaths = []string{
	"/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/messages", "/v1beta/models/m:generateContent", "/v1beta/models/m:streamGenerateContent",
	"/v1beta/models/m:embedContent", "/v1beta/models/m:batchEmbedContents", "/api/chat", "/api/embed",
}

// Whatever is sent, a reply is JSON, or a stream of it, with the status 200, or a refusal that is JSON.
func FuzzRequest(f *testing.F) {
	for _, wire := range wires {
		for _, stream := range []string{"true", "false"} {
			for i := range fuzzPaths {
				f.Add(i, []byte(strings.Replace(wire.body, "%s", stream, 1)))
			}
		}
	}
	f.Add(2, []byte(`{"model":"m","input":[[1],"x",null],"dimensions":-1,"encoding_format":"base64"}`))
	f.Add(7, []byte(`{"requests":[{"content":{"parts":[{}]}},{}]}`))
	f.Fuzz(func(t *testing.T, path int, body []byte) {
		w := httptest.NewRecorder()
		url := fuzzPaths[uint(path)%uint(len(fuzzPaths))]
		fakellm.Handler(fakellm.Canned()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body)))
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Fatalf("the status is %d: %s", w.Code, w.Body)
		}
		for line := range bytes.SplitSeq(w.Body.Bytes(), []byte("\n")) {
			data := bytes.TrimPrefix(bytes.TrimSpace(line), []byte("data: "))
			if len(data) > 0 && !bytes.HasPrefix(data, []byte("event: ")) && string(data) != "[DONE]" && !json.Valid(data) {
				t.Fatalf("this is no JSON: %q", data)
			}
		}
	})
}
