package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// certain is a weather of nothing but one fate.
func certain(t *testing.T, f fate) *weather {
	t.Helper()
	if f == fine {
		return newWeather(0, 0)
	}
	for seed := range uint64(1000) {
		if newWeather(1, seed).next() == f {
			return newWeather(1, seed)
		}
	}
	t.Fatalf("no seed begins with fate %d", f)
	return nil
}

// TestWhatAReplySaysAndWhatIsStored has every fate but the hang, which a run has.
func TestWhatAReplySaysAndWhatIsStored(t *testing.T) {
	const reply = `{"accepted":1,"duplicates":0,"rejected":[]}`
	for name, c := range map[string]struct {
		fate   fate
		status int // 0 = the connection is reset
		reply  string
		stored bool
	}{
		"fine":        {fine, 200, reply, true},
		"unavailable": {unavailable, 503, "", false},
		"failed":      {failed, 500, "", true},
		"reset":       {reset, 0, "", false},
		"lost reply":  {lostReply, 0, "", true},
		"cut reply":   {cutReply, 200, reply[:len(reply)/2], true},
	} {
		t.Run(name, func(t *testing.T) {
			l := open(t, filepath.Join(t.TempDir(), "ledger"), 1)
			server := httptest.NewServer(&receiver{ledger: l, weather: certain(t, c.fate)})
			defer server.Close()
			status, text := post(t, server.URL)
			if status != c.status || text != c.reply {
				t.Errorf("reply %d %q, want %d %q", status, text, c.status, c.reply)
			}
			if stored := l.check() == nil; stored != c.stored {
				t.Errorf("stored = %v, want %v", stored, c.stored)
			}
		})
	}
}

func post(t *testing.T, url string) (status int, text string) {
	t.Helper()
	res, err := http.Post(url+"/v1/events", "application/json", strings.NewReader(`{"events":[{"id":"evt_1","tool_input":{"n":0}}]}`))
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(body)
}
