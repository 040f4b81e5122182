package platform_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/platform"
)

func onLoopbackURL(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestBaseURL(t *testing.T) {
	for url, want := range map[string]string{
		"https://a.example":           "",
		"http://127.0.0.1:3000/api/":  "",
		"http://[::1]:3000":           "",
		"":                            "empty",
		"a.example":                   "not an absolute",
		"//a.example":                 "not an absolute",
		"ftp://a.example":             "not an absolute",
		"https:///x":                  "not an absolute",
		"https://:443":                "not an absolute",
		"https://u:sekret@a.example":  "user or password",
		"https://a.example?k=sekret":  "query or fragment",
		"https://a.example?":          "query or fragment",
		"https://a.example#sekret":    "query or fragment",
		"https://sekret\x7f.example/": "cannot be read",
	} {
		_, err := platform.New(platform.Config{Name: "things", BaseURL: url})
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", url, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "things: ")):
			t.Errorf("%q: error %v, want one that says %q", url, err, want)
		case err != nil && strings.Contains(err.Error(), "sekret"):
			t.Errorf("%q: a secret is in %q", url, err)
		}
	}
}

func FuzzBaseURL(f *testing.F) {
	for _, s := range []string{"https://a.example/b", "http://u:p@h?q#f", "http://[::1", "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, url string) {
		if _, err := platform.New(platform.Config{Name: "things", BaseURL: url}); err != nil && strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("%q: more than a line: %q", url, err)
		}
	})
}
