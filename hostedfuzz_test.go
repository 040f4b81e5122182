package sentrial_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// FuzzHostedBodies: whatever an event holds, its request is one JSON object without a name that occurs twice, and tells the event's id and session.
func FuzzHostedBodies(f *testing.F) {
	files, err := filepath.Glob("types/testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"id":"e","type":"x_own","session_id":"s","a\"b\\":1,"metadata":{"event_id":1,"event_type":2,"x":{"seq":1,"seq":2}},"seq":9}`))
	f.Add([]byte(`{"id":"e","type":"llm_call","session_id":"s","provider":"a:b","model":"c:d","messages":[],"prompt":"p","sentrial_event_id":"x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e types.Event
		if json.Unmarshal(data, &e) != nil || !types.ValidID(e.ID) || !types.ValidID(e.SessionID) || e.Complete() != nil {
			return
		}
		_, body := sentrial.HostedBody(&e)
		top := json.NewDecoder(bytes.NewReader(body))
		if err := uniqueNames(top, 1); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		if _, err := top.Token(); err != io.EOF {
			t.Fatalf("more than one value in %s", body)
		}
		if !bytes.Contains(body, []byte(`event_id":"`+e.ID+`"`)) {
			t.Errorf("the id %s is not in %s", e.ID, body)
		}
	})
}

// uniqueNames reads a value and fails on names that occur twice in the outer two objects, which are of the SDK's making.
func uniqueNames(d *json.Decoder, level int) error {
	token, err := d.Token()
	if err != nil || token != json.Delim('{') {
		return skipRest(d, token, err)
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if text, _ := name.(string); level <= 2 && text != "" {
			if seen[text] {
				return &json.SyntaxError{Offset: d.InputOffset()}
			}
			seen[text] = true
		}
		if err := uniqueNames(d, level+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// skipRest reads what is left of an array.
func skipRest(d *json.Decoder, token json.Token, err error) error {
	if err != nil || token != json.Delim('[') {
		return err
	}
	for d.More() {
		if err := uniqueNames(d, 9); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// FuzzHostedReplies: only an id that can be a part of a URL is taken from a reply.
func FuzzHostedReplies(f *testing.F) {
	for _, body := range []string{`{"id":"sess_1","status":"active"}`, `{"id":7}`, `{"id":"../x"}`, `[]`, `null`, `{"id":".."}`, ``} {
		f.Add(200, "application/json", []byte(body))
	}
	f.Add(200, "text/html", []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, media string, body []byte) {
		id, err := sentrial.HostedID(status, media, body)
		if err == nil && (!types.ValidID(id) || id == "." || id == ".." || !json.Valid(body)) {
			t.Errorf("%q gave the id %q", body, id)
		}
	})
}

// FuzzHealth: a server speaks the batch protocol only if it says so.
func FuzzHealth(f *testing.F) {
	for _, body := range []string{`{"protocols":["batch"]}`, `{"protocols":["hosted"]}`, `{"protocols":"batch"}`, `{}`, `null`} {
		f.Add(200, "application/json", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, media string, body []byte) {
		if sentrial.NamesBatch(status, media, body) && (status < 200 || status > 299 || !bytes.Contains(bytes.ToLower(body), []byte(`rotocols"`))) && !bytes.Contains(body, []byte(`\u`)) {
			t.Errorf("status %d, %q counts as batch", status, body)
		}
	})
}
