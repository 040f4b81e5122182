package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sentrial/sentrial-go/server/store"
)

// storeGauges tells how busy the store is, as a Prometheus collector.
type storeGauges struct {
	store                                                 store.Gauger
	queueBytes, commits, commitTime, unsearched, failures *prometheus.Desc
}

func newStoreGauges(s store.Gauger) *storeGauges {
	desc := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &storeGauges{
		store:      s,
		queueBytes: desc("sentrial_store_queue_bytes", "Bytes of events that wait to be stored."),
		commits:    desc("sentrial_store_commits_total", "Transactions committed by this process."),
		commitTime: desc("sentrial_store_last_commit_duration_seconds", "How long the latest transaction took."),
		unsearched: desc("sentrial_store_search_lag_events", "Events stored that a search does not find yet, about."),
		failures:   desc("sentrial_store_search_failures_total", "Times that indexing went wrong; it is tried again every second."),
	}
}

// Describe implements prometheus.Collector.
func (g *storeGauges) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.queueBytes, g.commits, g.commitTime, g.unsearched, g.failures} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (g *storeGauges) Collect(out chan<- prometheus.Metric) {
	now := g.store.Gauges()
	out <- prometheus.MustNewConstMetric(g.queueBytes, prometheus.GaugeValue, float64(now.QueueBytes))
	out <- prometheus.MustNewConstMetric(g.commits, prometheus.CounterValue, float64(now.Commits))
	out <- prometheus.MustNewConstMetric(g.commitTime, prometheus.GaugeValue, now.LastCommit.Seconds())
	out <- prometheus.MustNewConstMetric(g.unsearched, prometheus.GaugeValue, float64(now.SearchLag))
	out <- prometheus.MustNewConstMetric(g.failures, prometheus.CounterValue, float64(now.SearchFailures))
}
