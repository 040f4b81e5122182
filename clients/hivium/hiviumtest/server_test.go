package hiviumtest_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

// ask makes a request as curl would.
func ask(h *hiviumtest.Server, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+h.APIKey())
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func want(t *testing.T, w *httptest.ResponseRecorder, status int, part string) {
	t.Helper()
	if w.Code != status || !strings.Contains(w.Body.String(), part) {
		t.Errorf("got %d %s, want %d with %s", w.Code, w.Body, status, part)
	}
}

const contact = `{"first_name":"Carla","email":"carla@example.com","consent":{"email":true,"whatsapp":false}}`

// Every reply has the headers of the rate limit and an ID; a window slides.
func TestTheRateLimitSlides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		for i := range 60 {
			w := ask(h, "GET", "/v1/contacts", "")
			want(t, w, 200, `"data":[]`)
			if w.Header().Get("X-RateLimit-Limit") != "60" || w.Header().Get("X-RateLimit-Remaining") != strconv.Itoa(59-i) || !strings.HasPrefix(w.Header().Get("X-Request-Id"), "req_") {
				t.Errorf("headers %v", w.Header())
			}
			time.Sleep(500 * time.Millisecond)
		}
		w := ask(h, "GET", "/v1/contacts", "")
		want(t, w, 429, `"code":"rate_limited"`)
		reset, _ := strconv.ParseInt(w.Header().Get("X-RateLimit-Reset"), 10, 64)
		if w.Header().Get("Retry-After") != "30" || reset != time.Now().Add(30*time.Second).Unix() || h.RateLimited() != 1 {
			t.Errorf("headers %v", w.Header())
		}
		time.Sleep(30 * time.Second)
		want(t, ask(h, "GET", "/v1/contacts", ""), 200, "")
		want(t, ask(h, "GET", "/v1/contacts", ""), 429, "")
		want(t, ask(h, "GET", "/v1/contacts", "", "Authorization", "Bearer "+h.NewKey("contacts:read")), 200, "") // by key
		time.Sleep(500 * time.Millisecond)
		want(t, ask(h, "GET", "/v1/contacts", ""), 200, "")
	})
}

// An idempotency key is remembered for a day, for the API key that used it, and not of what was refused.
func TestIdempotencyKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		post := func(body, key string, more ...string) *httptest.ResponseRecorder {
			return ask(h, "POST", "/v1/contacts", body, append(more, "Idempotency-Key", key)...)
		}
		want(t, post(`{}`, "a"), 400, "email or phone")
		first := post(contact, "a")
		want(t, first, 201, `"id":"cnt_`)
		again := post(" "+contact+"\n", "a")
		if again.Code != 201 || again.Body.String() != first.Body.String() || again.Header().Get("Idempotent-Replayed") != "true" {
			t.Errorf("the same again: %d %s", again.Code, again.Body)
		}
		want(t, post(`{"email":"x@y.z"}`, "a"), 409, `"code":"idempotency_conflict"`)
		if other := post(contact, "a", "Authorization", "Bearer "+h.NewKey("contacts:write")); other.Code != 201 || other.Body.String() == first.Body.String() {
			t.Errorf("another API key: %d %s", other.Code, other.Body)
		}
		time.Sleep(24 * time.Hour)
		if late := post(contact, "a"); late.Code != 201 || late.Body.String() == first.Body.String() {
			t.Errorf("a day later: %d %s", late.Code, late.Body)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	h := hiviumtest.New()
	for _, test := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", "/v1/contacts", `{"email":"none"}`, 400, "validation_error"},
		{"POST", "/v1/contacts", `{"email":"a@b.c","consent":{"pigeon":true}}`, 400, "validation_error"},
		{"POST", "/v1/contacts", `nonsense`, 400, "validation_error"},
		{"POST", "/v1/contacts", strings.Repeat("x", 2<<20), 400, "validation_error"},
		{"GET", "/v1/contacts/none", ``, 404, "not_found"},
		{"PATCH", "/v1/contacts/none", `{}`, 404, "not_found"},
		{"GET", "/v1/contacts?updated_since=yesterday", ``, 400, "validation_error"},
		{"GET", "/v1/contacts?limit=0", ``, 400, "validation_error"},
		{"GET", "/v1/conversations?channel=pigeon", ``, 400, "validation_error"},
		{"GET", "/v1/messages?channel=pigeon", ``, 400, "validation_error"},
		{"GET", "/v1/agents/runs?since=1", ``, 400, "validation_error"},
		{"GET", "/v1/agents/runs?status=lost", ``, 400, "validation_error"},
		{"POST", "/v1/messages", `[]`, 400, "validation_error"},
		{"GET", "/v1/nothing", ``, 404, "not_found"},
	} {
		want(t, ask(h, test.method, test.path, test.body), test.status, `"code":"`+test.code+`"`)
	}
	want(t, ask(h, "GET", "/v1/contacts", "", "Authorization", "Bearer none"), 401, `"code":"invalid_api_key"`)
	want(t, ask(h, "GET", "/v1/contacts", "", "Authorization", h.APIKey()), 401, `"code":"invalid_api_key"`)
	want(t, ask(h, "GET", "/v1/contacts", "", "Authorization", "Bearer "+h.NewKey()), 403, `"code":"insufficient_scope"`)
}

// The text of a message comes under both names that the document has for it.
func TestTheTextOfAMessage(t *testing.T) {
	h := hiviumtest.New()
	id := strings.Split(ask(h, "POST", "/v1/contacts", contact).Body.String(), `"`)[3]
	send := func(rest string) *httptest.ResponseRecorder {
		return ask(h, "POST", "/v1/messages", `{"contact_id":"`+id+`","channel":"email",`+rest+`}`)
	}
	want(t, send(`"text":"a"`), 202, `"status":"queued"`)
	want(t, send(`"body":"b"`), 202, `"id":"msg_`)
	want(t, send(`"body":"c","text":"c"`), 202, "")
	want(t, send(`"body":"d","text":"e"`), 400, "say different things")
	want(t, send(`"text":""`), 400, "required")
	list := ask(h, "GET", "/v1/messages", "").Body.String()
	if !strings.Contains(list, `"text":"a"`) || !strings.Contains(list, `"text":"b"`) || strings.Count(list, `"id":"msg_`) != 3 {
		t.Errorf("there are %s", list)
	}
}

// A change that is none leaves the contact as it was, consent included.
func TestAChangeThatIsRefused(t *testing.T) {
	h := hiviumtest.New()
	id := strings.Split(ask(h, "POST", "/v1/contacts", contact).Body.String(), `"`)[3]
	want(t, ask(h, "PATCH", "/v1/contacts/"+id, `{"email":"","consent":{"email":false}}`), 400, "email or phone")
	want(t, ask(h, "PATCH", "/v1/contacts/"+id, `{"email":1}`), 400, "no change")
	want(t, ask(h, "PATCH", "/v1/contacts/"+id, `{"id":"mine","consent":{"ghl":true}}`), 200, `"id":"`+id)
	want(t, ask(h, "GET", "/v1/contacts/"+id, ``), 200, `"consent":{"email":true,"ghl":true,"whatsapp":false}`)
}

func TestConcurrentSafe(t *testing.T) {
	h := hiviumtest.New(hiviumtest.WithRateLimit(1000, time.Minute))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			ask(h, "POST", "/v1/contacts", contact, "Idempotency-Key", "one")
			ask(h, "GET", "/v1/contacts", "")
			h.AddRun(hiviumtest.Run{ID: "run_1", AgentSlug: "a", Status: "succeeded"})
			ask(h, "GET", "/v1/agents/runs", "")
			h.Fault(nil)
			h.Archive("x")
			h.RevokeKey(h.NewKey())
			_ = h.Count("contacts.list") + h.RateLimited()
		})
	}
	wg.Wait()
	if n := strings.Count(ask(h, "GET", "/v1/contacts", "").Body.String(), `"id":"cnt_`); n != 1 {
		t.Errorf("%d contacts under one idempotency key", n)
	}
	if n := strings.Count(ask(h, "GET", "/v1/agents/runs", "").Body.String(), `"id":"run_1"`); n != 1 || h.URL() != "" {
		t.Errorf("%d runs", n)
	}
}
