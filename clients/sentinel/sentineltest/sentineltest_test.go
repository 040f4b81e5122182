package sentineltest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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

func TestTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sentineltest.New()
		r := rigOf(t, s)
		r.token = ""
		a := r.send("s", "a")
		a.want(t, 401, "Not authenticated")
		if a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("headers %v", a.header)
		}
		r.token = "made up"
		r.send("s", "a").want(t, 401, "Invalid")
		r.token = s.Issue(time.Minute)
		r.send("s", "a").want(t, 200, "")
		time.Sleep(time.Minute)
		r.send("s", "a").want(t, 401, "expired")
		r.token = s.Issue(0)
		time.Sleep(1000 * time.Hour)
		r.send("s", "a").want(t, 200, "")
		s.Forbid(r.token)
		s.Forbid("made up")
		r.send("s", "a").want(t, 403, "permissions")
		s.Expire(r.token)
		r.send("s", "a").want(t, 401, "Invalid")
	})
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sentineltest.New(sentineltest.WithRateLimit(2, 10*time.Second))
		r := rigOf(t, s)
		r.send("s", "a").want(t, 200, "")
		time.Sleep(4 * time.Second)
		r.send("s", "a").want(t, 200, "")
		a := r.send("s", "a")
		a.want(t, 429, "Too many")
		if a.header.Get("Retry-After") != "6" {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
		other := *r
		other.token = s.Issue(0)
		other.send("s", "a").want(t, 200, "")
		time.Sleep(6 * time.Second)
		r.send("s", "a").want(t, 200, "")
		r.send("s", "a").want(t, 429, "")
	})
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault sentineltest.Fault
		taken bool   // the message
		want  string // of the answer, or of the error
	}{
		"status":   {sentineltest.Fault{Status: 503}, false, "503 application/json {}"},
		"detail":   {sentineltest.Fault{Status: 500, Detail: "oh"}, false, `500 application/json {"detail":"oh"}`},
		"page":     {sentineltest.Fault{Status: 502, Body: "<p>"}, false, "502 text/html; charset=utf-8 <p>"},
		"garbled":  {sentineltest.Fault{Garble: true}, true, "200 text/html; charset=utf-8 <html>"},
		"dropped":  {sentineltest.Fault{Drop: true}, false, "EOF"},
		"lost":     {sentineltest.Fault{LoseReply: true}, true, "EOF"},
		"cut":      {sentineltest.Fault{CutBody: true}, true, "unexpected EOF"},
		"hanging":  {sentineltest.Fault{Hang: true}, false, "exceeded"},
		"delayed":  {sentineltest.Fault{Delay: time.Second}, true, "200 application/json"},
		"too slow": {sentineltest.Fault{Delay: time.Minute, Status: 503}, false, "exceeded"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := sentineltest.New()
			s.Inject(c.fault)
			r := rigOf(t, s)
			r.client.Timeout = 10 * time.Second
			if got := r.raw(); !strings.Contains(got, c.want) {
				t.Errorf("%s: got %q, want %q", name, got, c.want)
			}
			if taken := len(s.Messages("s")) > 0; taken != c.taken {
				t.Errorf("%s: the message was taken: %v", name, taken)
			}
			if got := r.raw(); !strings.Contains(got, "200 application/json") {
				t.Errorf("%s: the next request got %q", name, got)
			}
		})
	}
}

// raw sends a message, and gives the answer or the error as text.
func (r *rig) raw() string {
	req, _ := http.NewRequestWithContext(r.t.Context(), "POST", r.url+"/api/v1/chat/s/messages", strings.NewReader(`{"message":"a"}`))
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("Content-Type", "application/json")
	reply, err := r.client.Do(req)
	if err != nil {
		return err.Error()
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	return fmt.Sprint(reply.StatusCode, " ", reply.Header.Get("Content-Type"), " ", string(body), err)
}

func TestInjectFunc(t *testing.T) {
	s := sentineltest.New()
	s.InjectFunc(func(r *http.Request) *sentineltest.Fault {
		if strings.Contains(r.URL.Path, "bad") {
			return &sentineltest.Fault{Status: 302, Location: "/elsewhere", RetryAfter: "3"}
		}
		return nil
	})
	r := rigOf(t, s)
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r.send("good", "a").want(t, 200, "")
	a := r.send("bad", "a")
	a.want(t, 302, "")
	if a.header.Get("Location") != "/elsewhere" || a.header.Get("Retry-After") != "3" {
		t.Errorf("headers %v", a.header)
	}
}

func TestRequestsAreKept(t *testing.T) {
	s := sentineltest.New()
	r := rigOf(t, s)
	r.send("s", "a")
	r.get("none")
	got := s.Requests()
	if len(got) != 2 || got[0].Path != "/api/v1/chat/s/messages" || got[0].Token != s.Token() || got[0].Length != 15 || got[0].Status != 200 ||
		got[1].Method != "GET" || got[1].Status != 404 || got[0].Header.Get("Authorization") != "" || got[0].Header.Get("Content-Type") == "" {
		t.Errorf("it has %+v", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := sentineltest.Start(t, sentineltest.WithRateLimit(1000, time.Minute))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}
	defer client.CloseIdleConnections()
	r := &rig{t, client, s.URL(), s.Token()}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			session := fmt.Sprint("s", i)
			for range 5 {
				r.upload("file", "a", "content")
				r.send(session, "a")
				_, _, _ = s.Requests(), s.Documents(), s.Messages(session)
			}
		})
	}
	wg.Wait()
	if len(s.Documents()) != 100 || len(s.Requests()) != 200 || len(s.Messages("s7")) != 10 {
		t.Errorf("%d documents, %d requests, %d messages", len(s.Documents()), len(s.Requests()), len(s.Messages("s7")))
	}
}
