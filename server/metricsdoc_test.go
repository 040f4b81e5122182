package server_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

// TestMetricsAreDocumented holds docs/server.md to the metrics that there are, in both directions.
func TestMetricsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/server.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented, scraped []string
	for _, name := range regexp.MustCompile("`(sentrial_[a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		documented = append(documented, name[1])
	}
	a := newApp(t, func(c *server.Config) { c.Store = busy{c.Store} })
	a.post(`{"client":{"id":"c1"},"events":[{"id":"bad"}]}`)
	for name := range a.scrape() {
		if strings.HasPrefix(name, "sentrial_") {
			scraped = append(scraped, name)
		}
	}
	slices.Sort(documented)
	slices.Sort(scraped)
	same(t, "metrics", strings.Join(documented, "\n"), strings.Join(scraped, "\n"))
}
