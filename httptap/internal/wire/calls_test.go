package wire_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

var update = flag.Bool("update", false, "write the golden files")

// limit is more than any of the calls here says.
const limit = 1 << 20

// recorded is a call in testdata/calls: a request, and the same reply in each form that its API has.
type recorded struct {
	name    string
	url     *url.URL
	wire    *wire.Wire
	request []byte
	asked   types.LLMCall
	replies []reply
}

type reply struct {
	name, contentType string
	body              []byte
}

// forms are the names of the files with replies, and their content types.
var forms = []struct{ file, contentType string }{
	{"reply.json", "application/json"},
	{"array.json", "application/json; charset=UTF-8"},
	{"reply.sse", "text/event-stream; charset=utf-8"},
	{"reply.ndjson", "application/x-ndjson"},
}

func recordedCalls(t testing.TB) (list []recorded) {
	t.Helper()
	folders, _ := filepath.Glob("testdata/calls/*")
	for _, folder := range folders {
		list = append(list, readCall(t, folder))
	}
	if len(list) == 0 {
		t.Fatal("no calls in testdata/calls")
	}
	return list
}

func readCall(t testing.TB, folder string) recorded {
	t.Helper()
	at, err := url.Parse(strings.TrimSpace(string(file(t, folder, "url"))))
	if err != nil {
		t.Fatal(err)
	}
	c := recorded{name: filepath.Base(folder), url: at, request: file(t, folder, "request.json")}
	if c.wire = wire.Find(http.MethodPost, at); c.wire == nil {
		t.Fatalf("%s is no call of a model", at)
	}
	c.asked = c.wire.Request(c.url, c.request, true)
	for _, f := range forms {
		if body, err := os.ReadFile(filepath.Join(folder, f.file)); err == nil {
			c.replies = append(c.replies, reply{f.file, f.contentType, body})
		}
	}
	return c
}

func file(t testing.TB, folder, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// told is what a wire makes of a call.
type told struct {
	Call  types.LLMCall
	Error string
	Ended bool
}

// tell reads a call whose reply comes in pieces.
func tell(t testing.TB, c recorded, r reply, pieces ...[]byte) told {
	t.Helper()
	out := told{Call: c.asked}
	a := c.wire.Answer(200, r.contentType, limit)
	for _, p := range pieces {
		if n, err := a.Write(p); n != len(p) || err != nil {
			t.Fatalf("Write of %d bytes gives %d, %v", len(p), n, err)
		}
	}
	if err := a.Finish(&out.Call); err != nil {
		out.Error = err.Error()
	}
	out.Ended = a.Ended()
	return out
}

// golden is the form of the golden files.
func golden(t testing.TB, c recorded, got told) string {
	t.Helper()
	return indented(t, struct {
		Wire     string `json:"wire"`
		Provider string `json:"provider"`
		Error    string `json:"error,omitempty"`
		Call     any    `json:"call"`
	}{c.wire.Name(), c.wire.Provider(c.url.Host), got.Error, event(t, got.Call)})
}

// event is a call as it travels.
func event(t testing.TB, call types.LLMCall) (members any) {
	t.Helper()
	body, err := json.Marshal(types.Event{Type: types.EventLLMCall, LLMCall: &call})
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber() // as they are written
		err = decoder.Decode(&members)
	}
	if err != nil {
		t.Fatal(err)
	}
	m, _ := members.(map[string]any)
	for _, name := range []string{"event_type", "timestamp", "status"} {
		delete(m, name)
	}
	return m
}

func indented(t testing.TB, v any) string {
	t.Helper()
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(body) + "\n"
}

// A call gives the same event in whichever form its reply came, and that is the one in its golden file.
func TestCalls(t *testing.T) {
	for _, c := range recordedCalls(t) {
		folder := filepath.Join("testdata/calls", c.name)
		for i, r := range c.replies {
			got := golden(t, c, tell(t, c, r, r.body))
			if *update && i == 0 {
				if err := os.WriteFile(filepath.Join(folder, "golden.json"), []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(file(t, folder, "golden.json")); want != got {
				t.Errorf("%s, %s: got\n%s\nwant\n%s", c.name, r.name, got, want)
			}
		}
	}
}
