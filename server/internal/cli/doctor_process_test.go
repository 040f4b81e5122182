package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// TestAServerElsewhere has requests go to another machine by way of a proxy, which is ours. A process of its own reads where the proxy is.
func TestAServerElsewhere(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for health, want := range map[string][2]string{
		wellHealth:                               {"ok", "batch protocol, because the server names it"},
		`{"status":"ok","protocols":["hosted"]}`: {"ok", "hosted protocol, because the server does not name"},
		"<html>":                                 {"skip", "nobody can tell"},
		"":                                       {"skip", "nobody can tell"},
	} {
		cmd := exec.CommandContext(t.Context(), exe, "doctor", "--json", "--url", "http://sentrial.example")
		proxy := team{status: 200, health: health}.start(t)
		cmd.Env = append(os.Environ(), asCommand+"=1", "HTTP_PROXY="+proxy, "http_proxy="+proxy, "NO_PROXY=", "no_proxy=")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		var doc struct {
			Checks []struct{ Name, Status, Detail, Hint string }
		}
		if err := json.Unmarshal(out, &doc); err != nil {
			t.Fatal(err)
		}
		p := patient{checks: map[string][3]string{}}
		for _, c := range doc.Checks {
			p.checks[c.Name] = [3]string{c.Status, c.Detail, c.Hint}
		}
		p.want(t, "protocol", want[0], want[1])
		p.want(t, "connection", "skip", "proxy "+proxy)
	}
}
