package builtins

import (
	"fmt"
	"strings"
	"time"

	"gdml/paramserv"
)

// psNotes are the lines of -stats about one call. Times of workers are sums.
func psNotes(s *paramserv.Stats) []string {
	sec := func(d time.Duration) string { return fmt.Sprintf("%.3f secs.", d.Seconds()) }
	var wait time.Duration
	each := ""
	for _, w := range s.Wait {
		wait += w
		each += fmt.Sprintf(" %.3f", w.Seconds())
	}
	lines := []string{
		"Paramserv total execution time:\t" + sec(s.Total),
		fmt.Sprintf("Paramserv total num workers:\t%d.", s.Workers),
		"Paramserv setup time:\t\t" + sec(s.Setup),
		"Paramserv grad compute time:\t" + sec(s.Gradient),
		fmt.Sprintf("Paramserv model update time:\t%.3f/%.3f secs.", s.LocalUpdate.Seconds(), s.ServerUpdate.Seconds()),
		"Paramserv model broadcast time:\t" + sec(s.Broadcast),
		fmt.Sprintf("Paramserv batch slice time:\t%.3f secs, waited %.3f, overlap %.0f%%.", s.Slice.Seconds(), s.SliceWait.Seconds(), 100*s.Overlap()),
		"Paramserv RPC request time:\t" + sec(s.Queue+s.Broadcast),
		"Paramserv lock wait time:\t" + sec(s.Queue),
		fmt.Sprintf("Paramserv barrier wait time:\t%.3f secs, per worker%s.", wait.Seconds(), each),
		"Paramserv validation time:\t" + sec(s.Validation),
		fmt.Sprintf("Paramserv pushes/discarded:\t%d/%d.", s.Pushes, s.Discarded),
		fmt.Sprintf("Paramserv rounds (updates):\t%d.", s.Updates),
		fmt.Sprintf("Paramserv batches/dropped:\t%d/%d.", s.Batches, s.DroppedBatches),
		fmt.Sprintf("Paramserv bytes pushed/pulled:\t%d/%d.", s.BytesPushed, s.BytesPulled),
		fmt.Sprintf("Paramserv staleness min/mean/max:\t%d/%.2f/%d, pushes by staleness%s.",
			s.LeastStaleness(), s.MeanStaleness(), s.MaxStaleness(), histogram(s.Staleness)),
		fmt.Sprintf("Paramserv rows per second:\t%.0f.", s.RowsPerSecond()),
	}
	if len(s.Quorums) > 0 {
		var seq strings.Builder
		for _, q := range s.Quorums {
			fmt.Fprintf(&seq, " %dx%d", q.Rounds, q.Workers)
		}
		lines = append(lines, fmt.Sprintf("Paramserv waited for:\t\t%.2f workers, rounds x workers%s.", s.WaitedFor(), &seq))
	}
	if s.Servers > 1 {
		lines = append(lines, fmt.Sprintf("Paramserv model shards:\t\t%d.", s.Servers))
	}
	if s.Retries+s.Lost > 0 {
		lines = append(lines, fmt.Sprintf("Paramserv retries/lost workers:\t%d/%d.", s.Retries, s.Lost))
	}
	if s.Delay > 0 {
		lines = append(lines, "Paramserv injected delay (simulated):\t"+sec(s.Delay))
	}
	return lines
}

// histogram writes the counts that are not zero as staleness:count.
func histogram(counts []int) string {
	var b strings.Builder
	for age, n := range counts {
		if n > 0 {
			fmt.Fprintf(&b, " %d:%d", age, n)
		}
	}
	return b.String()
}
