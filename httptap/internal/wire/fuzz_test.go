package wire_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

// FuzzRequest: any body at any path is read into a call that travels.
func FuzzRequest(f *testing.F) {
	for _, c := range recordedCalls(f) {
		f.Add(c.url.String(), c.request, true)
		f.Add(c.url.String(), c.request[:len(c.request)/2], false)
	}
	f.Fuzz(func(t *testing.T, at string, body []byte, complete bool) {
		u, err := url.Parse(at)
		if err != nil {
			return
		}
		w := wire.Find(http.MethodPost, u)
		if w == nil {
			return
		}
		call := w.Request(u, body, complete)
		if again := w.Request(u, body, complete); !reflect.DeepEqual(call, again) {
			t.Errorf("read twice: %+v and %+v", call, again)
		}
		travels(t, call)
	})
}

// FuzzAnswer: any reply gives a call that travels, the same in two pieces, and no more content than was asked for.
func FuzzAnswer(f *testing.F) {
	for _, c := range recordedCalls(f) {
		for _, r := range c.replies {
			f.Add(c.url.String(), 200, r.contentType, r.body, len(r.body)/2, 1<<10)
		}
		f.Add(c.url.String(), 500, "application/json", []byte(`{"error":{"message":"m","type":"t","code":5}}`), 3, 10)
	}
	f.Fuzz(func(t *testing.T, at string, status int, contentType string, body []byte, cut, most int) {
		u, err := url.Parse(at)
		if err != nil {
			return
		}
		w := wire.Find(http.MethodPost, u)
		if w == nil {
			return
		}
		most = min(most, 1<<20)
		cut = max(0, min(cut, len(body)))
		whole, errWhole := answered(t, w, status, contentType, most, body)
		parts, errParts := answered(t, w, status, contentType, most, body[:cut], body[cut:])
		if !reflect.DeepEqual(whole, parts) || (errWhole == nil) != (errParts == nil) || errWhole != nil && errWhole.Error() != errParts.Error() {
			t.Errorf("cut at %d: %+v, %v and %+v, %v", cut, whole, errWhole, parts, errParts)
		}
		if text := textOf(whole.OutputMessages); len(text) > max(0, most)+len(whole.OutputMessages)*200+200 && most < len(body) {
			t.Errorf("%d bytes of content, want at most %d", len(text), most)
		}
		travels(t, whole)
	})
}

func answered(t *testing.T, w *wire.Wire, status int, contentType string, most int, pieces ...[]byte) (call types.LLMCall, err error) {
	a := w.Answer(status, contentType, most)
	for _, p := range pieces {
		if n, err := a.Write(p); n != len(p) || err != nil {
			t.Fatalf("Write of %d bytes gives %d, %v", len(p), n, err)
		}
	}
	err = a.Finish(&call)
	if status >= 300 && err == nil {
		t.Errorf("status %d, and no error", status)
	}
	if err != nil && !utf8.ValidString(err.Error()) {
		t.Errorf("%q", err)
	}
	return call, err
}

// travels sees that a call can be sent and read back.
func travels(t *testing.T, call types.LLMCall) {
	body, err := json.Marshal(types.Event{Type: types.EventLLMCall, LLMCall: &call})
	if err != nil {
		t.Fatalf("%v: %+v", err, call)
	}
	var back types.Event
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
}
