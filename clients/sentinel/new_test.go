package sentinel_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestNewSaysWhatIsWrong(t *testing.T) {
	token := sentinel.WithAccessToken("t")
	for want, c := range map[string]struct {
		url  string
		opts []sentinel.Option
	}{
		"the base URL is empty":     {"", []sentinel.Option{token}},
		"not an absolute http":      {"sentinel.example", []sentinel.Option{token}},
		"not an absolute http or":   {"ftp://sentinel.example", []sentinel.Option{token}},
		"has a user or password":    {"https://u:canary@sentinel.example", []sentinel.Option{token}},
		"has a query or fragment":   {"https://sentinel.example?key=canary", []sentinel.Option{token}},
		"there is no access token":  {"https://sentinel.example", []sentinel.Option{nil}},
		"the access token is empty": {"https://sentinel.example", []sentinel.Option{sentinel.WithAccessToken("")}},
		"other than visible ASCII":  {"https://sentinel.example", []sentinel.Option{sentinel.WithAccessToken("Bearer canary")}},
		"the token source is nil":   {"https://sentinel.example", []sentinel.Option{sentinel.WithTokenSource(nil)}},
	} {
		client, err := sentinel.New(c.url, c.opts...)
		if err == nil || client != nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "sentinel: ") || strings.Contains(err.Error(), "canary") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestBaseURLMayHaveAPath and a slash at its end, as the documentation's client cuts it.
func TestBaseURLMayHaveAPath(t *testing.T) {
	platform := sentineltest.Start(t)
	client := newClient(t, platform.URL()+"/sentinel/", sentinel.WithAccessToken(platform.Token()))
	_, _ = client.Documents.Get(t.Context(), "a/b")
	if got := platform.Requests()[0].Path; got != "/sentinel/api/v2/status/process/a/b/progress" {
		t.Errorf("got %q", got)
	}
}

func TestClientDoesNotShowItsToken(t *testing.T) {
	for _, opt := range []sentinel.Option{sentinel.WithAccessToken("canary"), sentinel.WithTokenSource(&tokens{all: []string{"canary"}})} {
		client := newClient(t, "https://sentinel.example", opt)
		encoded, err := json.Marshal(client)
		noError(t, err)
		for _, text := range []string{fmt.Sprintf("%v %+v %#v %+v %#v", client, client, client, *client, *client), fmt.Sprintf("%+v", opt), string(encoded)} {
			if strings.Contains(text, "canary") {
				t.Errorf("it shows in %s", text)
			}
		}
	}
}
