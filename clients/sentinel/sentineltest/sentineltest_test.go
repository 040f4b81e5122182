package sentineltest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestUploadAndProgress(t *testing.T) {
	s := sentineltest.New(sentineltest.WithSteps(4))
	r := rigOf(t, s)
	r.upload("file", "a.txt", "content").want(t, 200, "")
	var seen []string
	for range 5 {
		a := r.get("doc_1")
		seen = append(seen, fmt.Sprint(a.body["status"], a.body["progress"]))
	}
	if want := "[queued0 processing33 processing66 completed100 completed100]"; fmt.Sprint(seen) != want {
		t.Errorf("saw %v, want %s", seen, want)
	}
	d := s.Documents()[0]
	if d.Name != "a.txt" || d.Size != 7 || string(d.Content) != "content" || d.ContentType != "application/octet-stream" || d.State != "completed" ||
		d.SHA256 != "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73" {
		t.Errorf("it has %+v", d)
	}
	r.upload("file", "b.txt", "other")
	s.FailProcessing("doc_2", "unreadable")
	s.FailProcessing("doc_9", "nobody")
	for range 4 {
		r.get("doc_2")
	}
	if d := s.Documents()[1]; d.State != "failed" || d.Reason != "unreadable" {
		t.Errorf("it has %+v", d)
	}
}

func TestUploadsAreChecked(t *testing.T) {
	s := sentineltest.New(sentineltest.WithMaxUpload(10))
	r := rigOf(t, s)
	const path = "/api/v1/nexus/upload"
	contentType, whole := form("file", "a", "content")
	r.do("POST", path, "application/json", []byte(`{}`)).want(t, 400, "multipart/form-data")
	r.do("POST", path, "multipart/form-data", whole).want(t, 400, "boundary")
	r.do("POST", path, contentType, whole[:len(whole)-4]).want(t, 400, "parsing")
	r.do("POST", path, contentType, whole[:len(whole)-70]).want(t, 400, "parsing")
	r.upload("document", "a", "content").want(t, 400, "file")
	r.upload("file", "", "content").want(t, 400, "name")
	r.upload("file", "a", "elevenbytes").want(t, 413, "too large")
	r.upload("file", "a", "ten bytes.").want(t, 200, "")
	if n := len(s.Documents()); n != 1 {
		t.Errorf("%d documents", n)
	}
}

func TestLargeContentIsNotKept(t *testing.T) {
	s := sentineltest.New()
	rigOf(t, s).upload("file", "a", strings.Repeat("x", 1<<20+1)).want(t, 200, "")
	if d := s.Documents()[0]; d.Content != nil || d.Size != 1<<20+1 {
		t.Errorf("%d bytes, %d of them kept", d.Size, len(d.Content))
	}
}

func TestChat(t *testing.T) {
	s := sentineltest.New(sentineltest.WithAnswers(func(session string, history []sentineltest.Message, message string) string {
		return fmt.Sprintf("%s %d %s", session, len(history), message)
	}))
	r := rigOf(t, s)
	r.send("one", "a")
	if a := r.send("one", "b"); a.body["content"] != "one 2 b" || a.body["role"] != "assistant" || a.body["message_id"] != "msg_2" {
		t.Errorf("got %v", a.body)
	}
	if a := r.send("two", "c"); a.body["content"] != "two 0 c" {
		t.Errorf("got %v", a.body)
	}
	if got := fmt.Sprint(s.Messages("one")); got != "[{user a} {assistant one 0 a} {user b} {assistant one 2 b}]" {
		t.Errorf("it has %s", got)
	}
}

func TestChatIsChecked(t *testing.T) {
	r := rigOf(t, sentineltest.New())
	const path = "/api/v1/chat/s/messages"
	r.do("POST", path, "text/plain", []byte(`{"message": "a"}`)).want(t, 400, "application/json")
	r.do("POST", path, "application/json", []byte(`{"message": `)).want(t, 400, "parsing")
	r.do("POST", path, "application/json", []byte(`{"text": "a"}`)).want(t, 400, "message")
	r.send("s", strings.Repeat("x", 1<<20)).want(t, 413, "too large")
}

func TestRoutes(t *testing.T) {
	r := rigOf(t, sentineltest.New())
	for path, allowed := range map[string]string{
		"/api/v1/nexus/upload": "POST", "/api/v1/chat/s/messages": "POST", "/api/v2/status/process/d/progress": "GET",
	} {
		a := r.do("DELETE", path, "", nil)
		a.want(t, 405, "Method Not Allowed")
		if a.header.Get("Allow") != allowed {
			t.Errorf("%s allows %q", path, a.header.Get("Allow"))
		}
	}
	r.do("GET", "/api/v1/other", "", nil).want(t, 404, "Not Found")
	r.get("doc_7").want(t, 404, "Document not found")
}
