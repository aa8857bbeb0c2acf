//go:build !hogwild_racy

package paramserv

import (
	"math"
	"sync/atomic"
)

// LosesUpdates tells whether HOGWILD may lose updates of single cells: not in this build.
// With the build tag hogwild_racy cells are read and written plainly, which is faster, loses an
// update when two workers change a cell at the same moment, and is a data race by the Go memory model.
const LosesUpdates = false

func loadCell(cell *uint64) float64 { return math.Float64frombits(atomic.LoadUint64(cell)) }

// moveCell subtracts step*g from a cell.
func moveCell(cell *uint64, step, g float64, fused bool) {
	for {
		old := atomic.LoadUint64(cell)
		next := math.Float64bits(minus(math.Float64frombits(old), step, g, fused))
		if atomic.CompareAndSwapUint64(cell, old, next) {
			return
		}
	}
}
