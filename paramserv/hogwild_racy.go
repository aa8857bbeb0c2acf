//go:build hogwild_racy

package paramserv

import "math"

// LosesUpdates tells whether HOGWILD may lose updates of single cells: it may, in this
// build. Two workers that change a cell at the same moment leave the change of one.
const LosesUpdates = true

func loadCell(cell *uint64) float64 { return math.Float64frombits(*cell) }

// moveCell subtracts step*g from a cell.
func moveCell(cell *uint64, step, g float64, fused bool) {
	*cell = math.Float64bits(minus(math.Float64frombits(*cell), step, g, fused))
}
