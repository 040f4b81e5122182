package sentrial_test

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestEncodingTakenBack: a server behind the same name may be rolled back to one that does not read zstd.
func TestEncodingTakenBack(t *testing.T) {
	announces := func(value string) step {
		return func(r *sent) (*http.Response, error) { return accepted(r, "Accept-Encoding", value), nil }
	}
	for name, c := range map[string]struct {
		steps []step
		want  []string
	}{
		"announced no more":              {[]step{announces("gzip, zstd"), announces("gzip"), accept}, []string{"gzip", "zstd", "gzip"}},
		"refused by weight":              {[]step{announces("zstd"), announces("gzip, zstd;q=0"), accept}, []string{"gzip", "zstd", "gzip"}},
		"nothing said":                   {[]step{announces("zstd"), accept, accept}, []string{"gzip", "zstd", "zstd"}},
		"415 that names another":         {[]step{announces("zstd"), status(415, "Accept-Encoding", "gzip"), accept, accept}, []string{"gzip", "zstd", "gzip", "gzip"}},
		"415 that names none":            {[]step{announces("zstd"), status(415), accept, accept}, []string{"gzip", "zstd", "gzip", "gzip"}},
		"415, then announced once again": {[]step{announces("zstd"), status(415), announces("zstd"), accept}, []string{"gzip", "zstd", "gzip", "zstd"}},
		"cut 415":                        {[]step{announces("zstd"), cut(415), accept, accept}, []string{"gzip", "zstd", "gzip", "gzip"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t, c.steps...)
				client := newClient(t, server, sentrial.WithAPIURL("https://api.example.com"), sentrial.WithAPIKey("k"))
				for range 3 {
					record(t, client, 1)
					time.Sleep(5 * time.Minute)
				}
				var got []string
				for _, r := range server.requests() {
					got = append(got, r.Header.Get("Content-Encoding"))
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("encodings %q, want %q", got, c.want)
				}
				checkStats(t, client, 3, 0, nothing)
			})
		})
	}
}
