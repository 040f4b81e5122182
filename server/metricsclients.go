package server

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sentrial/sentrial-go/server/store"
)

// Bounds of what is remembered of clients, who name themselves.
const (
	clientsFor     = time.Hour
	maxClients     = 10_000
	maxClientKinds = 50 // pairs of SDK and version; the clients of all others are of "other"
	maxLabelBytes  = 64
)

// clientsSeen counts the clients of the last hour by SDK and version, as a Prometheus collector.
type clientsSeen struct {
	now  func() time.Time
	desc *prometheus.Desc

	mu   sync.Mutex
	seen map[clientID]clientSeen
}

type clientID struct{ project, id string }

type clientSeen struct {
	kind clientKind
	last time.Time
}

type clientKind struct{ sdk, version string }

var otherClients = clientKind{"other", "other"}

func newClientsSeen(now func() time.Time) *clientsSeen {
	return &clientsSeen{
		now: now, seen: make(map[clientID]clientSeen),
		desc: prometheus.NewDesc("sentrial_clients", "Clients that sent something in the last hour, by SDK and version.", []string{"sdk", "version"}, nil),
	}
}

// note remembers a client. When there are too many, new ones are not counted.
func (c *clientsSeen) note(project string, client *store.Client) {
	if client.ID == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id := clientID{project, strings.Clone(client.ID)} // a batch's texts may be parts of its body
	if _, known := c.seen[id]; !known && len(c.seen) >= maxClients {
		return
	}
	c.seen[id] = clientSeen{clientKind{labelOf(client.SDK), labelOf(client.Version)}, c.now()}
}

// Describe implements prometheus.Collector.
func (c *clientsSeen) Describe(out chan<- *prometheus.Desc) { out <- c.desc }

// Collect implements prometheus.Collector.
func (c *clientsSeen) Collect(out chan<- prometheus.Metric) {
	for kind, n := range c.count() {
		out <- prometheus.MustNewConstMetric(c.desc, prometheus.GaugeValue, float64(n), kind.sdk, kind.version)
	}
}

// count forgets who was silent for an hour and counts the others, the most frequent kinds by name.
func (c *clientsSeen) count() map[clientKind]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	since := c.now().Add(-clientsFor)
	maps.DeleteFunc(c.seen, func(_ clientID, s clientSeen) bool { return s.last.Before(since) })
	counts := make(map[clientKind]int)
	for _, s := range c.seen {
		counts[s.kind]++
	}
	kinds := slices.SortedFunc(maps.Keys(counts), func(a, b clientKind) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.sdk, b.sdk), cmp.Compare(a.version, b.version))
	})
	for _, kind := range kinds[min(len(kinds), maxClientKinds):] {
		counts[otherClients] += counts[kind]
		delete(counts, kind)
	}
	return counts
}

// labelOf makes a client's word a label's value.
func labelOf(s string) string {
	if s == "" {
		return "unknown"
	}
	return strings.Clone(strings.ToValidUTF8(s[:min(len(s), maxLabelBytes)], "\uFFFD"))
}
