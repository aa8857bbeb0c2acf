package paramserv

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Compression makes pushed gradients smaller. Numbers and 1x1 matrices, such as row counts, are always sent as they are.
type Compression struct {
	Kind     CompressionKind
	Fraction float64 // TopK: share of the cells of a matrix that is sent, above 0 and up to 1
	Forget   bool    // TopK: what is not sent is lost instead of being added to the next gradients
}

// CompressionKind is a way to compress.
type CompressionKind uint8

// Kinds of compression.
const (
	NoCompression CompressionKind = iota
	// TopK sends the cells of largest magnitude and keeps the rest for the next push
	// (error feedback; Stich, Cordonnier and Jaggi, "Sparsified SGD with memory", NIPS 2018).
	TopK
	// Q8 sends every cell as one of 256 levels between the least and the largest, rounded up or
	// down at random so that the expected value is the cell (Alistarh et al., "QSGD", NIPS 2017).
	Q8
)

// CompressionWords describes the legal words of ParseCompression.
const CompressionWords = "NONE, TOPK:<fraction>, Q8"

// ParseCompression reads NONE, TOPK:0.1 or Q8.
func ParseCompression(word string) (Compression, error) {
	kind, fraction, has := strings.Cut(word, ":")
	switch {
	case kind == "NONE" && !has:
		return Compression{}, nil
	case kind == "Q8" && !has:
		return Compression{Kind: Q8}, nil
	case kind == "TOPK" && has:
		f, err := strconv.ParseFloat(fraction, 64)
		if err != nil || !(f > 0 && f <= 1) {
			return Compression{}, fmt.Errorf("compress=%q: the fraction must be above 0 and at most 1", word)
		}
		return Compression{Kind: TopK, Fraction: f}, nil
	}
	return Compression{}, fmt.Errorf("unknown compress %q: it is one of %s", word, CompressionWords)
}

// String writes the word that ParseCompression reads.
func (c Compression) String() string {
	switch c.Kind {
	case TopK:
		return "TOPK:" + strconv.FormatFloat(c.Fraction, 'g', -1, 64)
	case Q8:
		return "Q8"
	}
	return "NONE"
}

// apply returns what is sent of a list to which rest, what earlier calls left out, was
// added, and what is left out now. Both are new references; rest may be nil.
func (c Compression) apply(m *matrix.Ctx, list, rest *value.List, seed uint64) (sent, left *value.List, bytes int64, err error) {
	random := stream(seed)
	bytes = listHeader
	var out, over []value.Value
	for i := range list.Len() {
		x, ok := list.At(i).(*matrix.Matrix)
		if !ok || x.Cells() <= 1 {
			out = append(out, value.Retain(list.At(i)))
			over = append(over, 0.0)
			bytes += encodedValueSize(list.At(i))
			continue
		}
		cells := numbers(x)
		if c.Kind == Q8 {
			bytes += matrixHeader + 16 + int64(len(cells))
			quantise(cells, &random)
			out = append(out, matrix.Compact(m, matrix.FromDense(x.Rows(), x.Cols(), cells)))
			continue
		}
		if rest != nil {
			for j, r := range numbers(rest.At(i)) {
				cells[j] += r
			}
		}
		chosen, kept := topK(cells, c.Fraction)
		bytes += matrixHeader + 12*int64(len(chosen))
		out = append(out, sparse(m, x, cells, chosen))
		over = append(over, matrix.FromDense(x.Rows(), x.Cols(), kept))
	}
	sent = value.NewList(out, list.Names())
	if c.Kind == TopK && !c.Forget {
		left = value.NewList(over, nil)
	}
	return sent, left, bytes, nil
}

// topK returns the ascending positions of the largest cells by magnitude, at least one,
// the earlier one of equal cells, and a copy of the cells with zeros there.
func topK(cells []float64, fraction float64) (chosen []int, rest []float64) {
	k := min(len(cells), max(1, int(math.Ceil(fraction*float64(len(cells))))))
	size := func(i int) float64 {
		if v := math.Abs(cells[i]); v == v {
			return v
		}
		return math.Inf(1) // not a number: to be seen, not to be kept back
	}
	order := make([]int, len(cells))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(a, b))
	})
	chosen = order[:k]
	slices.Sort(chosen)
	rest = slices.Clone(cells)
	for _, i := range chosen {
		rest[i] = 0
	}
	return chosen, rest
}

// sparse returns the chosen cells as a matrix of the size of like.
func sparse(m *matrix.Ctx, like *matrix.Matrix, cells []float64, chosen []int) *matrix.Matrix {
	rows, cols := like.Rows(), like.Cols()
	s := &matrix.CSR{RowPtr: make([]int, rows+1)}
	for _, i := range chosen {
		s.RowPtr[i/cols+1]++
		s.ColIdx = append(s.ColIdx, int32(i%cols))
		s.Val = append(s.Val, cells[i])
	}
	for i := range rows {
		s.RowPtr[i+1] += s.RowPtr[i]
	}
	return matrix.Compact(m, matrix.FromCSR(rows, cols, s))
}

// quantise rounds cells to levels in place. Cells that are all equal, or not all finite, stay as they are.
func quantise(cells []float64, random *stream) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range cells {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		lo, hi = min(lo, v), max(hi, v)
	}
	width := (hi - lo) / 255
	if width == 0 || math.IsInf(width, 0) {
		return
	}
	for i, v := range cells {
		at := (v - lo) / width
		level := math.Floor(at)
		if float64(random.next()>>11)/(1<<53) < at-level {
			level++
		}
		cells[i] = lo + min(level, 255)*width
	}
}
