package paramserv

import (
	"slices"
	"testing"

	"gdml/runtime/matrix"
)

func rowsOfPart(p part) []int {
	var rows []int
	for i := range p.n {
		rows = append(rows, p.row(i))
	}
	return rows
}

// Disjoint schemes use every row once in parts that differ by at most one row;
// the overlapping one gives every worker all rows, each in another order.
func TestSchemesCoverTheRows(t *testing.T) {
	for _, s := range Schemes() {
		for _, n := range someRows {
			for w := 1; w <= min(n, 9); w++ {
				var all []int
				least, most := n, 0
				for i := range w {
					p := s.rows(n, w, i, 5)
					rows := rowsOfPart(p)
					if again := rowsOfPart(s.rows(n, w, i, 5)); !slices.Equal(rows, again) {
						t.Errorf("%s %d/%d: worker %d gets other rows with the same seed", s.Name, n, w, i)
					}
					least, most = min(least, p.n), max(most, p.n)
					all = append(all, rows...)
				}
				copies := 1
				if s.Overlap {
					copies = w
				}
				count := make([]int, n)
				for _, r := range all {
					count[r]++
				}
				if len(all) != n*copies || slices.Min(count) != copies || slices.Max(count) != copies || most-least > 1 {
					t.Errorf("%s %d/%d: rows %v, parts of %d to %d", s.Name, n, w, all, least, most)
				}
			}
		}
	}
}

func TestSchemeOrders(t *testing.T) {
	of := func(name string, n, w, i int, seed uint64) []int {
		return rowsOfPart(schemeNamed(name).rows(n, w, i, seed))
	}
	if got := of("DISJOINT_CONTIGUOUS", 10, 4, 1, 0); !slices.Equal(got, []int{3, 4, 5}) {
		t.Errorf("second block of ten rows: %v", got)
	}
	if got := of("DISJOINT_CONTIGUOUS", 10, 4, 3, 0); !slices.Equal(got, []int{8, 9}) {
		t.Errorf("last block of ten rows: %v", got)
	}
	if got := of("DISJOINT_ROUND_ROBIN", 10, 4, 1, 0); !slices.Equal(got, []int{1, 5, 9}) {
		t.Errorf("round robin: %v", got)
	}
	if slices.Equal(of("DISJOINT_RANDOM", 100, 2, 0, 1), of("DISJOINT_RANDOM", 100, 2, 0, 2)) {
		t.Error("two seeds give one random partition")
	}
	if slices.Equal(of("OVERLAP_RESHUFFLE", 100, 2, 0, 1), of("OVERLAP_RESHUFFLE", 100, 2, 1, 1)) {
		t.Error("two workers get one order")
	}
}

// SplitMix64 with seed 1234567: the first values published with its reference implementation.
func TestStream(t *testing.T) {
	s := stream(1234567)
	for _, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := s.next(); got != want {
			t.Errorf("next %d, want %d", got, want)
		}
	}
	count := make([]int, 7)
	for range 70000 {
		count[s.below(7)]++
	}
	for v, c := range count {
		if c < 9500 || c > 10500 {
			t.Errorf("%d drawn %d times of 70000", v, c)
		}
	}
}

// Features and labels stay aligned in dense and sparse form, in every scheme.
func TestBatchesAreAligned(t *testing.T) {
	const n = 23
	dense := make([]float64, n*8)
	labels := make([]float64, n)
	for i := range n {
		dense[i*8+i%8] = float64(i + 1)
		labels[i] = float64(i + 1)
	}
	x := matrix.FromDense(n, 8, dense)
	sparse := x.ToSparse(nil)
	y := matrix.FromDense(n, 1, labels)
	for _, m := range []*matrix.Matrix{x, sparse} {
		for _, scheme := range SchemeNames() {
			c := Config{Model: startModel(), X: m, Y: y, UType: "BSP", Freq: "BATCH", Scheme: scheme, Epochs: 1, BatchSize: 4, Workers: 3}
			p := planOf(&c)
			seen := 0
			for w := range p.workers {
				for j := range p.deals[0].batches[w] {
					bx, by := batchOf(p, w, j)
					for i := range bx.Rows() {
						seen++
						r := int(by.At(i, 0)) - 1
						for k := range 8 {
							if bx.At(i, k) != x.At(r, k) {
								t.Fatalf("%s: row %d has the label of row %d", scheme, i, r)
							}
						}
					}
				}
			}
			if want := n; !schemeNamed(scheme).Overlap && seen != want {
				t.Errorf("%s: %d rows in batches", scheme, seen)
			}
		}
	}
}
