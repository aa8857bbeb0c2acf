package matrix

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gdml/runtime/cell"
)

// sparseRows returns a CSR matrix with a few cells in each row, some of them infinite or cancelling.
func sparseRows(rows, cols, each int) *Matrix {
	r := rand.New(rand.NewPCG(3, 4))
	b := newBuilder(rows, cols, rows*each)
	for range rows {
		at := map[int]float64{}
		for k := range each {
			at[r.IntN(20)*7+k%3] = math.Ldexp(r.Float64()-0.5, r.IntN(80)-40)
		}
		if r.IntN(9) == 0 {
			at[5] = math.Inf(1 - 2*r.IntN(2))
		}
		js := []int{}
		for j := range at {
			js = append(js, j)
		}
		slices.Sort(js)
		for _, j := range js {
			b.put(j, at[j])
		}
		b.end()
	}
	return b.matrix()
}

// Column sums of few stored cells have the bits of the sums that pass over all columns.
func TestColSumsOfFew(t *testing.T) {
	for _, rows := range []int{1, 7, 40} {
		a := sparseRows(rows, 60000, 12)
		if !fewStored(a) {
			t.Fatalf("%v with %d cells has no few", a, a.NNZ())
		}
		want := make([]float64, a.cols)
		colSums(nil, a, want)
		for _, c := range contexts() {
			got := AggCols(c, Sum, a)
			if !slices.Equal(bitsOf(got), bitsOf(FromDense(1, a.cols, want))) {
				t.Errorf("%d rows: the column sums differ", rows)
			}
		}
	}
}

// A sparse matrix taken from a dense one gives the bits of the difference of dense matrices.
func TestMinusFew(t *testing.T) {
	b := sparseRows(3, 5000, 9)
	a := New(nil, 3, 5000)
	for i := range a.dense {
		a.dense[i] = float64(i%7) - 3
	}
	a.dense[11] = math.Copysign(0, -1)
	want := bitsOf(binaryDense(nil, loopsOf(cell.Sub), a, b.ToDense(nil), 3, 5000, ReuseNone))
	for _, c := range contexts() {
		got, err := Binary(c, cell.Sub, a, b, ReuseNone)
		if err != nil || !slices.Equal(bitsOf(got), want) {
			t.Errorf("the difference has other cells (%v)", err)
		}
	}
	own := a.ToDense(nil)
	own.Release()
	got, err := Binary(nil, cell.Sub, a, b, ReuseA)
	if err != nil || got != a || !slices.Equal(bitsOf(got), want) {
		t.Errorf("in place the difference has other cells, or is another matrix (%v)", err)
	}
}

func TestTransposeSparseRow(t *testing.T) {
	a := sparseRows(1, 3000, 9)
	for _, c := range contexts() {
		if got := Transpose(c, a); got.rows != 3000 || got.cols != 1 || !Equal(Transpose(nil, got), a) {
			t.Errorf("the transpose of a sparse row is %v", got)
		}
	}
}
