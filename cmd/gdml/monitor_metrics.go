package main

import (
	"fmt"
	"net/http"
	"strings"
)

// metric is one metric of calls in the text format of Prometheus.
type metric struct {
	name, kind, help string
	value            func(c *call) (float64, bool) // false for none
}

func callMetrics() []metric {
	count := func(f func(c *call) int) func(*call) (float64, bool) {
		return func(c *call) (float64, bool) { return float64(f(c)), true }
	}
	return []metric{
		{"running", "gauge", "1 while the call trains.", func(c *call) (float64, bool) {
			if c.ended {
				return 0, true
			}
			return 1, true
		}},
		{"done_ratio", "gauge", "Share of the rounds that are over.", func(c *call) (float64, bool) { return c.done(), true }},
		{"epochs", "gauge", "Epochs that are over.", count(func(c *call) int { return c.epoch })},
		{"workers", "gauge", "Workers that are not lost.", count(func(c *call) int { return len(c.workers) - c.lost })},
		{"loss", "gauge", "Loss at the end of the last epoch.", func(c *call) (float64, bool) { return c.loss, c.scored }},
		{"accuracy", "gauge", "Accuracy at the end of the last epoch.", func(c *call) (float64, bool) { return c.accuracy, c.scored }},
		{"pushes_total", "counter", "Pushes of workers.", count(func(c *call) int { return c.pushes })},
		{"discarded_pushes_total", "counter", "Pushes that came too late.", count(func(c *call) int { return c.discarded })},
		{"updates_total", "counter", "Versions of the model.", count(func(c *call) int { return c.updates })},
		{"rows_total", "counter", "Rows behind the pushes.", count(func(c *call) int { return c.rows })},
		{"pushed_bytes_total", "counter", "Size of the pushes.", func(c *call) (float64, bool) { return float64(c.bytes), true }},
		{"retries_total", "counter", "Batches that were computed anew.", count(func(c *call) int { return c.retries })},
	}
}

const metricPrefix = "gdml_paramserv_"

// metrics answers a scrape.
func (m *monitor) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	fmt.Fprint(w, m.f.exposition(inUse()))
}

// exposition writes the sums in the text format of Prometheus.
func (f *follower) exposition(memory uint64) string {
	var b strings.Builder
	head := func(name, kind, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	f.mu.Lock()
	defer f.mu.Unlock()
	head("gdml_memory_bytes", "gauge", "Memory that the process holds.")
	fmt.Fprintf(&b, "gdml_memory_bytes %d\n", memory)
	head(metricPrefix+"calls_total", "counter", "Calls of paramserv that have begun.")
	fmt.Fprintf(&b, "%scalls_total %d\n", metricPrefix, f.total)
	for _, row := range callMetrics() {
		head(metricPrefix+row.name, row.kind, row.help)
		for _, c := range f.calls {
			if v, ok := row.value(c); ok {
				fmt.Fprintf(&b, "%s%s{call=\"%d\",utype=%q} %g\n", metricPrefix, row.name, c.id, c.utype, v)
			}
		}
	}
	head(metricPrefix+"push_seconds", "summary", "Time of workers between pull and push.")
	for _, c := range f.calls {
		for i, w := range c.workers {
			labels := fmt.Sprintf("{call=\"%d\",worker=\"%d\"}", c.id, i+1)
			fmt.Fprintf(&b, "%spush_seconds_sum%s %g\n%spush_seconds_count%s %d\n", metricPrefix, labels, w.Seconds, metricPrefix, labels, w.Pushes)
		}
	}
	head(metricPrefix+"staleness", "histogram", "Updates made between the pull and the use of a push.")
	for _, c := range f.calls {
		c.staleness(&b)
	}
	return b.String()
}

// staleness writes the histogram of a call. Ages beyond the last kept one count as that one.
func (c *call) staleness(b *strings.Builder) {
	sum, n, bound := 0, 0, 0
	for age, pushes := range c.ages {
		n += pushes
		sum += age * pushes
		if age == bound {
			fmt.Fprintf(b, "%sstaleness_bucket{call=\"%d\",le=\"%d\"} %d\n", metricPrefix, c.id, bound, n)
			bound = max(1, 2*bound)
		}
	}
	for ; bound < keepAges; bound = max(1, 2*bound) {
		fmt.Fprintf(b, "%sstaleness_bucket{call=\"%d\",le=\"%d\"} %d\n", metricPrefix, c.id, bound, n)
	}
	fmt.Fprintf(b, "%sstaleness_bucket{call=\"%d\",le=\"+Inf\"} %d\n%sstaleness_sum{call=\"%d\"} %d\n%sstaleness_count{call=\"%d\"} %d\n",
		metricPrefix, c.id, n, metricPrefix, c.id, sum, metricPrefix, c.id, n)
}
