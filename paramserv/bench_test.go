package paramserv

import (
	"context"
	"testing"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// BenchmarkSynchronisation is the time of one push with everything around it (pull, batch,
// message, update, answer) with functions that do nothing: what the server adds to a training step.
func BenchmarkSynchronisation(b *testing.B) {
	for _, m := range modes {
		for _, workers := range []int{1, 2, 4} {
			c, ok := m.in(config(64*workers, workers, 1))
			if !ok || m.utype == "SSP" && m.staleness > 1 {
				continue
			}
			name := m.utype
			if m.backup > 0 || m.staleness > 0 {
				name += "1"
			}
			if m.auto {
				name += "auto"
			}
			b.Run(name+"/workers="+string(rune('0'+workers)), func(b *testing.B) {
				idle := regression(1e-9, true)
				g := value.NewList([]value.Value{column(0, 0, 0), 0.0}, nil)
				idle.grad = func(context.Context, Info, *value.List, *matrix.Matrix, *matrix.Matrix) (*value.List, error) {
					return value.Retain(g).(*value.List), nil
				}
				c.Epochs = b.N/(64*workers) + 1
				b.ResetTimer()
				_, r := train(b, c, idle)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(r.Stats.Pushes), "ns/push")
			})
		}
	}
}
