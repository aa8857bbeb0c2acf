package paramserv

import (
	"context"
	"math"
	"testing"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

func TestParseCompression(t *testing.T) {
	for _, w := range []string{"NONE", "Q8", "TOPK:0.1", "TOPK:1"} {
		if c, err := ParseCompression(w); err != nil || c.String() != w {
			t.Errorf("%s: %v, %v", w, c, err)
		}
	}
	for _, w := range []string{"", "none", "TOPK", "TOPK:", "TOPK:0", "TOPK:1.1", "TOPK:NaN", "Q8:1", "Q4"} {
		if _, err := ParseCompression(w); err == nil {
			t.Errorf("%q is taken", w)
		}
	}
}

// randomList has a matrix, a 1x1 matrix and a number.
func randomList(seed uint64, n int) *value.List {
	p := &prober{rand: stream(seed)}
	return p.random(value.NewList([]value.Value{matrix.New(nil, n, 2), column(0), 0.0}, []string{"g", "rows", "b"}), 1)
}

// Whatever TOPK does not send it keeps, to the bit, and sends when it has grown.
func TestTopKKeepsTheRest(t *testing.T) {
	c := Compression{Kind: TopK, Fraction: 0.1}
	var rest *value.List
	before := make([]float64, 40) // what was left out
	for step := range 200 {
		g := randomList(uint64(step), 20)
		sent, left, bytes, err := c.apply(&matrix.Ctx{}, g, rest, 0)
		if err != nil {
			t.Fatal(err)
		}
		in, out, over := numbers(g.At(0)), numbers(sent.At(0)), numbers(left.At(0))
		count := 0
		for i := range in {
			total := in[i] + before[i]
			if out[i]+over[i] != total || out[i] != 0 && over[i] != 0 {
				t.Fatalf("step %d: cell %d of %v gives %v sent and %v kept", step, i, total, out[i], over[i])
			}
			if out[i] != 0 {
				count++
			}
		}
		least, most := math.Inf(1), 0.0
		for i := range in {
			if out[i] != 0 {
				least = min(least, math.Abs(out[i]))
			}
			most = max(most, math.Abs(over[i]))
		}
		if count != 4 || most > least {
			t.Errorf("step %d: %d cells sent; %v was kept, %v sent", step, count, most, least)
		}
		if sent.At(2) != g.At(2) || !sameEntry(sent.At(1), g.At(1)) || sent.Name(0) != "g" {
			t.Errorf("step %d: single numbers are not sent as they are", step)
		}
		if want := int64(listHeader + matrixHeader + 12*4 + matrixHeader + 8 + 9); bytes != want {
			t.Errorf("%d bytes, want %d", bytes, want)
		}
		before, rest = over, left
	}
}

// The mean of many quantisations is the cell, within four standard errors; the size is a byte per cell.
func TestQ8IsUnbiased(t *testing.T) {
	const draws = 100000
	cells := []float64{-1, 0.3, 0.1234567, 2.7, 3, 0, -0.5, 1e-3}
	list := value.NewList([]value.Value{matrix.FromDense(4, 2, cells)}, nil)
	mean, square := make([]float64, len(cells)), make([]float64, len(cells))
	c := Compression{Kind: Q8}
	for d := range draws {
		sent, rest, bytes, err := c.apply(&matrix.Ctx{}, list, nil, uint64(d))
		if err != nil || rest != nil || bytes != listHeader+matrixHeader+16+8 {
			t.Fatalf("%v, %v, %d bytes", err, rest, bytes)
		}
		for i, v := range numbers(sent.At(0)) {
			if math.Abs(v-cells[i]) > 4.0/255+1e-12 {
				t.Fatalf("%v becomes %v", cells[i], v)
			}
			mean[i] += v / draws
			square[i] += v * v / draws
		}
	}
	for i, want := range cells {
		deviation := math.Sqrt(max(0, square[i]-mean[i]*mean[i]) / draws)
		if math.Abs(mean[i]-want) > 4*deviation+1e-10 {
			t.Errorf("the mean for %v is %v, %g standard errors away", want, mean[i], (mean[i]-want)/deviation)
		}
	}
	for _, odd := range [][]float64{{1, math.NaN()}, {math.Inf(-1), 2}, {5, 5}, {-math.MaxFloat64, math.MaxFloat64}} {
		l := value.NewList([]value.Value{column(odd...)}, nil)
		if sent, _, _, _ := c.apply(&matrix.Ctx{}, l, nil, 1); !sameEntry(sent.At(0), l.At(0)) {
			t.Errorf("%v becomes %v", odd, numbers(sent.At(0)))
		}
	}
}

// wide is a regression with as many features as cells to leave out, and its squared error.
func wide(t *testing.T, c Compression) (loss float64, bytes int64) {
	t.Helper()
	const n, d = 256, 200
	s := stream(3)
	x, y := make([]float64, n*d), make([]float64, n)
	for i := range n {
		for j := range d {
			x[i*d+j] = float64(s.next()>>11)/(1<<53)*2 - 1
			y[i] += x[i*d+j] * float64(j%7-3)
		}
	}
	cfg := config(n, 4, 16)
	cfg.X, cfg.Y = matrix.FromDense(n, d, x), matrix.FromDense(n, 1, y)
	cfg.Model = value.NewList([]value.Value{matrix.New(nil, d, 1)}, nil)
	cfg.Epochs, cfg.Compress = 60, c
	mat := &matrix.Ctx{}
	residual := func(m *value.List, x, y *matrix.Matrix) *matrix.Matrix {
		p, err := matrix.MatMul(mat, x, m.At(0).(*matrix.Matrix))
		if err != nil {
			t.Error(err)
		}
		e, err := matrix.PlusMul(mat, p, 1, y, true, false)
		if err != nil {
			t.Error(err)
		}
		return e
	}
	f := funcs{
		grad: func(_ context.Context, _ Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
			g, err := matrix.MatMul(mat, matrix.Transpose(mat, x), residual(m, x, y))
			return value.NewList([]value.Value{g}, nil), err
		},
		agg: func(_ Info, m, g *value.List) (*value.List, error) {
			w, err := matrix.PlusMul(mat, m.At(0).(*matrix.Matrix), 0.004, g.At(0).(*matrix.Matrix), true, false)
			return value.NewList([]value.Value{w}, nil), err
		},
	}
	m, r := train(t, cfg, f)
	for _, e := range numbers(residual(m, cfg.X, cfg.Y)) {
		loss += e * e / n
	}
	return loss, r.Stats.BytesPushed
}

// Compressed training gets where uncompressed training gets, with fewer bytes; without what was
// left out it does not, so that the comparison means something.
func TestCompressedTraining(t *testing.T) {
	_, all := wide(t, Compression{})
	start, _ := wide(t, Compression{Kind: TopK, Fraction: 0.01, Forget: true})
	top, topBytes := wide(t, Compression{Kind: TopK, Fraction: 0.1})
	few, _ := wide(t, Compression{Kind: TopK, Fraction: 0.01})
	q, qBytes := wide(t, Compression{Kind: Q8})
	t.Logf("squared error: TOPK:0.1 %g, TOPK:0.01 %g, without feedback %g, Q8 %g", top, few, start, q)
	if top > 0.5 || q > 0.5 {
		t.Errorf("squared error with TOPK:0.1 %g, with Q8 %g", top, q)
	}
	if start < 2*few {
		t.Errorf("squared error %g without feedback, %g with it", start, few)
	}
	if float64(topBytes) > 0.2*float64(all) || float64(qBytes) > 0.2*float64(all) {
		t.Errorf("bytes: %d, TOPK %d, Q8 %d", all, topBytes, qBytes)
	}
}
