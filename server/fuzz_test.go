package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

func FuzzDecodeRequest(f *testing.F) {
	for _, seed := range []string{
		`{"events":[]}`, `{"client":{"id":"c","sdk":"s"},"sent_at":"2026-11-22T00:16:56Z","events":[` + ev("e1", "step", `"duration_ms":1.5`) + `,null,{}]}`,
		`{"events":[` + ev("e1", "llm_call", `"model":"m","cost":0.1,"prompt_tokens":5,"messages":[{"$ref":"sha256:a"}]`) + `]}`,
		`{"events":[` + ev("e1", "session_end", `"status":"success","metrics":{"a":1},"position":5`) + `]}`,
		`{"events":[` + ev("e1", "session_start", `"tags":["a"],"metadata":{}`) + `,` + ev("e2", "decision", `"alternatives":["a"]`) + `]} `,
		`{"\u0065vents":[{"\u0069d":"x"}]}`, `{"events":[[[[]]]],"x":{"y":[1e5,-0]}}`, `{"events":`, `[]`, ``, `{"events":[],"events":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		events, rejected, err := server.DecodeRequest(body, server.Limits{MaxEvents: 5, MaxEventBytes: 2000, MaxDepth: 6})
		if err != nil {
			return
		}
		var request map[string]json.RawMessage
		var sent []json.RawMessage
		if e := errors.Join(json.Unmarshal(body, &request), json.Unmarshal(request["events"], &sent)); e != nil {
			t.Fatalf("accepted a body that is no request: %v", e)
		}
		if len(events)+len(rejected) != len(sent) || len(sent) > 5 {
			t.Fatalf("%d events, %d rejected of %d sent", len(events), len(rejected), len(sent))
		}
		for _, text := range events {
			var e struct{ ID, Type, Timestamp string }
			if err := json.Unmarshal(text, &e); err != nil || !json.Valid(text) {
				t.Fatalf("event %q: %v", text, err)
			}
		}
		if slices.Contains(rejected, "") {
			t.Fatalf("a rejection without a name: %q", rejected)
		}
	})
}

// FuzzDecodeLines: each line that is not blank is an event or a rejection, and what one holds does not change what becomes of another.
func FuzzDecodeLines(f *testing.F) {
	for _, seed := range []string{
		"", "\n\r\n", ev("e1", "step") + "\r\n" + ev("e2", "llm_call", `"cost":1`), "{}\n" + ev("e1", "step", `"position":5,"x":[[1]]`) + "\n[[[[[[[[", ev("e1", "step") + "{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		limits := server.Limits{MaxEvents: 5, MaxEventBytes: 2000, MaxDepth: 6}
		events, rejected, err := server.DecodeLines(body, limits)
		var lines [][]byte
		for line := range bytes.SplitSeq(body, []byte("\n")) {
			if line = bytes.Trim(line, " \t\r"); len(line) > 0 {
				lines = append(lines, line)
			}
		}
		if tooMany := len(lines) > 5; tooMany != (err != nil) || err == nil && len(events)+len(rejected) != len(lines) {
			t.Fatalf("%d events, %d rejected of %d lines (%v)", len(events), len(rejected), len(lines), err)
		}
		for _, text := range events {
			if !json.Valid(text) {
				t.Fatalf("event %q", text)
			}
		}
		for _, line := range lines[:min(len(lines), 5)] {
			alone, _, _ := server.DecodeLines(line, limits)
			if batch, _, err := server.DecodeRequest(slices.Concat([]byte(`{"events":[`), line, []byte(`]}`)), limits); len(alone) == 1 && (err != nil || len(batch) != 1) {
				t.Fatalf("%q is an event of lines and not of a batch (%v)", line, err)
			}
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(server.ACursor("list", 5, 7))
	f.Add("")
	f.Add("e30")
	f.Add("eyJsIjoibGlzdCIsInQiOi0xfQ")
	f.Fuzz(func(t *testing.T, text string) {
		again, err := server.RoundTripCursor(text, "list")
		if err != nil || again == "" {
			return
		}
		if third, err := server.RoundTripCursor(again, "list"); err != nil || third != again {
			t.Fatalf("%q became %q, then %q (%v)", text, again, third, err)
		}
	})
}

func FuzzInstant(f *testing.F) {
	for _, seed := range []string{"90m", "7d", "1d12h", "2026-11-22T00:16:56Z", "2026-11-22T00:16:56.5+01:00", "1h30m", "-5m", "d", "9223372036s", "65535d99999999h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := server.ParseInstant(text, noon)
		if !ok {
			return
		}
		if at.Location() != time.UTC || at.Year() < 1970 || at.Year() > 2261 || !time.Unix(0, at.UnixNano()).Equal(at) {
			t.Fatalf("%q is %v", text, at)
		}
	})
}
