package cli_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// TestTheKeyOfTheFileIsForTheServerOfTheFile: whoever names another server, in a variable or in a command to copy, does not get the key by it.
func TestTheKeyOfTheFileIsForTheServerOfTheFile(t *testing.T) {
	own, other := newListener(t), newListener(t)
	const withheld = "the api-key of "
	for _, test := range []struct {
		name, file, env string
		args            []string
		asked           *listener
		key             string
	}{
		{"the file's own", "url: " + own.url + "\napi-key: secret\n", "", nil, own, "Bearer secret"},
		{"the same by another way", "url: " + own.url + "/\napi-key: secret\n", own.url, nil, own, "Bearer secret"},
		{"a flag", "url: " + own.url + "\napi-key: secret\n", "", []string{"--url", other.url}, other, ""},
		{"a variable", "url: " + own.url + "\napi-key: secret\n", other.url, nil, other, ""},
		{"a file without url", "api-key: secret\n", other.url, nil, other, ""},
		{"a key that is given with it", "api-key: secret\n", other.url, []string{"--api-key", "given"}, other, "Bearer given"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := configure(t, test.file)
			t.Setenv("SENTRIAL_API_URL", test.env)
			for _, words := range []string{"sessions list", "doctor --json", "stats"} {
				own.seen, other.seen = nil, nil
				got := run(t, append(strings.Fields(words), test.args...)...)
				if r := test.asked.seen; r == nil || r.Header.Get("Authorization") != test.key {
					t.Errorf("%s: the server saw %+v", words, r)
				}
				said := 0
				if test.key == "" {
					said = 1
				}
				if strings.Count(got.errors, withheld+path) != said || strings.Contains(got.errors+got.out, "secret") {
					t.Errorf("%s: %+v", words, got)
				}
			}
		})
	}
}

func TestTheKeyOfTheFileIsForTheDefaultServer(t *testing.T) {
	configure(t, "api-key: secret\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // before anything is sent
	var stderr strings.Builder
	if code := cli.Run(ctx, []string{"sessions", "list"}, nil, io.Discard, &stderr); code != 130 || stderr.Len() > 0 {
		t.Errorf("exit %d, %q", code, &stderr)
	}
}

func TestAFileOfAStoreIsReadWithoutWordsAboutKeys(t *testing.T) {
	h := newHouse(t)
	configure(t, fmt.Sprintf("url: %s\napi-key: secret\n", nobody(t)))
	succeed(t, "sessions", "list", "--db", h.db)
	t.Setenv("SENTRIAL_API_URL", nobody(t))
	succeed(t, "sessions", "list", "--db", h.db)
}

func TestSpoolFlushKeepsTheKeyOfTheFileToo(t *testing.T) {
	dir, _ := leaveEvents(t, 1)
	other := newListener(t)
	configure(t, "url: https://sentrial.example\napi-key: secret\n")
	got := run(t, "spool", "flush", dir, "--url", other.url, "--wait", "3s")
	if r := other.seen; r == nil || r.Header.Get("Authorization") != "" || !strings.Contains(got.errors, "the api-key of ") {
		t.Errorf("the server saw %+v; %+v", r, got)
	}
}
