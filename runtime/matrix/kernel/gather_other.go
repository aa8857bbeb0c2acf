//go:build !amd64 || noasm

package kernel

func gatherRowsFast([]float64, []int32, []float64, int, []float64) bool { return false }
