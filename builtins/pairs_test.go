package builtins_test

import (
	"math"
	"math/cmplx"
	"slices"
	"testing"
)

// broadcast applies f to the cells of x and those of y: one for each cell, row, column, or for all; a column beside a row gives a matrix.
func broadcast(f func(a, b float64) float64) func(x, y grid) grid {
	return func(x, y grid) grid {
		out := newGrid(max(x.rows, y.rows), max(x.cols, y.cols))
		if x.rows*x.cols*y.rows*y.cols == 0 {
			out = newGrid(x.rows, x.cols)
		}
		for i := range out.rows {
			for j := range out.cols {
				out.set(i, j, f(x.at(i%x.rows, j%x.cols), y.at(i%y.rows, j%y.cols)))
			}
		}
		return out
	}
}

func nanMin(a, b float64) float64 { return smallest([]float64{a, b}) }
func nanMax(a, b float64) float64 { return largest([]float64{a, b}) }

func bits(f func(a, b int32) int32) func(a, b float64) float64 {
	return func(a, b float64) float64 { return float64(f(int32(saturate(a)), int32(saturate(b)))) }
}

// broadcastPairs are operands that broadcast.
func broadcastPairs() [][2]grid {
	ins := inputs()
	sparse := ins["sparse"]
	pairs := [][2]grid{
		{ins["dense"], grid{1, 3, []float64{2, 0, -1}}},
		{ins["dense"], grid{2, 1, []float64{2, 0}}},
		{ins["dense"], ins["cell"]},
		{sparse, grid{40, 1, sparse.col(29)}},
		{sparse, grid{1, 30, sparse.row(3)}},
		{sparse, ins["cell"]},
		{ins["column"], ins["row"]},
		{ins["cell"], ins["cell"]},
	}
	for _, g := range ins {
		pairs = append(pairs, [2]grid{g, g}, [2]grid{g, cells(math.Sqrt)(g)})
	}
	return pairs
}

// TestBroadcast compares functions of two matrices with naive implementations.
func TestBroadcast(t *testing.T) {
	for expr, f := range map[string]func(a, b float64) float64{
		"min(X, Y)":        nanMin,
		"max(X, Y)":        nanMax,
		"max(X, 0.75, Y)":  func(a, b float64) float64 { return nanMax(nanMax(a, 0.75), b) },
		"xor(X, Y)":        func(a, b float64) float64 { return truth((a != 0) != (b != 0)) },
		"log(X, Y)":        func(a, b float64) float64 { return math.Log(a) / math.Log(b) },
		"bitwAnd(X, Y)":    bits(func(a, b int32) int32 { return a & b }),
		"bitwOr(X, Y)":     bits(func(a, b int32) int32 { return a | b }),
		"bitwXor(X, Y)":    bits(func(a, b int32) int32 { return a ^ b }),
		"bitwShiftR(X, Y)": bits(func(a, b int32) int32 { return a >> (uint32(b) & 31) }),
		`ppred(X, Y, "<")`: func(a, b float64) float64 { return truth(a < b) },
	} {
		c := compileOver(t, "R = "+expr, "X", "Y")
		for _, p := range broadcastPairs() {
			c.compare(t, expr, broadcast(f)(p[0], p[1]), p[0], p[1])
		}
	}
}

// compare runs a script over X, Y, ... in every configuration.
func (c compiled) compare(t *testing.T, what string, want grid, ins ...grid) {
	t.Helper()
	in := map[string]grid{}
	for i, name := range []string{"X", "Y", "Z"}[:len(ins)] {
		in[name] = ins[i]
	}
	for _, cfg := range configs() {
		got, err := c.run(cfg, in)
		if err != nil || !got.near(want, 1e-11) {
			t.Errorf("%s of %v %+v:\n got %v, %v\nwant %v", what, ins, cfg, got, err, want)
			return
		}
	}
}

func multiplied(x, y grid) grid {
	out := newGrid(x.rows, y.cols)
	for i := range x.rows {
		for j := range y.cols {
			for k := range x.cols {
				out.v[i*y.cols+j] += x.at(i, k) * y.at(k, j)
			}
		}
	}
	return out
}

// whole makes cells 1..n of a pattern without order.
func whole(rows, cols, n, step int) grid {
	g := newGrid(rows, cols)
	for k := range g.v {
		g.v[k] = float64((k*step+3)%n + 1)
	}
	return g
}

// TestPairs compares functions of two matrices of other forms.
func TestPairs(t *testing.T) {
	ins := inputs()
	sq := ins["square"]
	a, b := whole(7, 5, 9, 4), whole(5, 6, 11, 3)
	u, v := whole(9, 1, 4, 5), whole(9, 1, 6, 7)
	for _, c := range []struct {
		expr string
		x, y grid
		want grid
	}{
		{`einsum("ij,jk->ik", X, Y)`, a, b, multiplied(a, b)},
		{`einsum("ij,jk->ki", X, Y)`, a, b, flipped(multiplied(a, b))},
		{`einsum("ji,jk->ik", X, Y)`, flipped(a), b, multiplied(a, b)},
		{`einsum("ij,kj->ik", X, Y)`, a, flipped(b), multiplied(a, b)},
		{`einsum("ij,jk->", X, Y)`, a, b, full(total)(multiplied(a, b))},
		{`einsum("ij,jk->i", X, Y)`, a, b, perRow(total)(multiplied(a, b))},
		{`einsum("i,j->ij", X, Y)`, u, v, multiplied(u, flipped(v))},
		{`einsum("i,i->", X, Y)`, u, v, multiplied(flipped(u), v)},
		{`einsum("ij,ij->ij", X, Y)`, a, a, cells(func(v float64) float64 { return v * v })(a)},
		{`einsum("ij,ji->", X, Y)`, a, flipped(a), full(total)(cells(func(v float64) float64 { return v * v })(a))},
		{`einsum("ii,j->j", X, Y)`, sq, v, cells(func(x float64) float64 { return 15 * x })(v)},
		{`einsum("ij,j->ij", X, Y)`, a, grid{5, 1, b.col(0)}, broadcast(func(x, y float64) float64 { return x * y })(a, grid{1, 5, b.col(0)})},
		{`einsum("ij,jk,kl->il", X, Y, t(Y))`, a, b, multiplied(multiplied(a, b), flipped(b))},
		{`outer(X, t(Y), "-")`, u, v, broadcast(func(a, b float64) float64 { return a - b })(u, flipped(v))},
		{`outer(X, t(Y), "<=")`, u, v, broadcast(func(a, b float64) float64 { return truth(a <= b) })(u, flipped(v))},
		{`ifelse(X > 2, Y, -Y)`, u, v, broadcast(func(a, b float64) float64 { return b * (2*truth(a > 2) - 1) })(u, v)},
		{`X %*% solve(X, Y)`, sq, whole(3, 1, 7, 2), whole(3, 1, 7, 2)},
		{`inv(X) %*% Y`, sq, sq, diagonal(3)},
		{`table(X, Y)`, u, v, crossTable(u, v, 4, 6)},
		{`table(X, Y, 5, 3)`, u, v, crossTable(u, v, 5, 3)},
		{`table(seq(1, 9), X, Y)`, u, v, selection(u, v, 4)},
		{`aggregate(target=Y, groups=X, fn="sum", ngroups=5)`, u, v, flipped(multiplied(flipped(v), selection(u, grid{9, 1, slices.Repeat([]float64{1}, 9)}, 5)))},
		{`as.matrix(cov(X, Y))`, u, v, grid{1, 1, []float64{covariance(u.v, v.v)}}},
		{`removeEmpty(target=X, margin="cols", select=Y)`, a, grid{1, 5, []float64{0, 2, 0, math.NaN(), 0}}, grid{7, 2, append2(a.col(1), a.col(3))}},
		{`X[, 2:3] + as.integer(contains(target=X, pattern=Y))`, a, grid{1, 5, a.row(4)}, cells(func(v float64) float64 { return v + 1 })(grid{7, 2, append2(a.col(1), a.col(2))})},
	} {
		compileOver(t, "R = "+c.expr, "X", "Y").compare(t, c.expr, c.want, c.x, c.y)
	}
}

func diagonal(n int) grid {
	g := newGrid(n, n)
	for i := range n {
		g.set(i, i, 1)
	}
	return g
}

func crossTable(a, b grid, rows, cols int) grid {
	out := newGrid(rows, cols)
	for k := range a.v {
		if i, j := int(a.v[k]), int(b.v[k]); i <= rows && j <= cols {
			out.v[(i-1)*cols+j-1]++
		}
	}
	return out
}

// selection has row i's weight in column at[i].
func selection(at, weight grid, cols int) grid {
	out := newGrid(at.rows, cols)
	for i, c := range at.v {
		out.set(i, int(c)-1, weight.v[i])
	}
	return out
}

func covariance(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += (a[i] - average(a)) * (b[i] - average(b))
	}
	return s / float64(len(a)-1)
}

// append2 puts two columns side by side.
func append2(a, b []float64) []float64 {
	var out []float64
	for i := range a {
		out = append(out, a[i], b[i])
	}
	return out
}

// dft is the discrete Fourier transform by its definition.
func dft(z []complex128, sign float64) []complex128 {
	out := make([]complex128, len(z))
	for k := range out {
		for j, v := range z {
			out[k] += v * cmplx.Exp(complex(0, sign*2*math.Pi*float64(j*k)/float64(len(z))))
		}
	}
	return out
}

// dftRows transforms every row of x + i*y and scales the result.
func dftRows(x, y grid, sign, scale float64) (re, im grid) {
	re, im = newGrid(x.rows, x.cols), newGrid(x.rows, x.cols)
	for i := range x.rows {
		z := make([]complex128, x.cols)
		for j := range z {
			z[j] = complex(x.at(i, j), y.at(i, j))
		}
		for j, v := range dft(z, sign) {
			re.set(i, j, real(v)*scale)
			im.set(i, j, imag(v)*scale)
		}
	}
	return re, im
}

// TestFourier compares the transforms with the definition.
func TestFourier(t *testing.T) {
	x, y := whole(4, 8, 10, 7), whole(4, 8, 13, 5)
	zero := newGrid(4, 8)
	twice := func(x, y grid, sign, scale float64) (grid, grid) {
		re, im := dftRows(x, y, sign, scale)
		re, im = dftRows(flipped(re), flipped(im), sign, 1)
		return flipped(re), flipped(im)
	}
	frames := func(g grid, window, overlap, n int) grid {
		out := newGrid(g.rows*n, window)
		for i := range g.rows {
			for k := range n {
				for j := range window {
					if p := k*(window-overlap) + j; p < g.cols {
						out.set(i*n+k, j, g.at(i, p))
					}
				}
			}
		}
		return out
	}
	for _, c := range []struct {
		call string
		make func() (grid, grid)
	}{
		{"fft(X)", func() (grid, grid) { return twice(x, zero, -1, 1) }},
		{"ifft(X, Y)", func() (grid, grid) { return twice(x, y, 1, 1./32) }},
		{"ifft(X)", func() (grid, grid) { return twice(x, zero, 1, 1./32) }},
		{"fft_linearized(X)", func() (grid, grid) { return dftRows(x, zero, -1, 1) }},
		{"ifft_linearized(X, Y)", func() (grid, grid) { return dftRows(x, y, 1, 1./8) }},
		{"stft(X, 4, 1)", func() (grid, grid) {
			re, im := dftRows(frames(x, 4, 1, 3), frames(zero, 4, 1, 3), -1, 1)
			return grid{4, 12, re.v}, grid{4, 12, im.v}
		}},
		{"stft(X, Y, 4, 2)", func() (grid, grid) {
			re, im := dftRows(frames(x, 4, 2, 3), frames(y, 4, 2, 3), -1, 1)
			return grid{4, 12, re.v}, grid{4, 12, im.v}
		}},
	} {
		re, im := c.make()
		compileOver(t, "[R, other] = "+c.call, "X", "Y").compare(t, c.call, re, x, y)
		compileOver(t, "[other, R] = "+c.call, "X", "Y").compare(t, c.call, im, x, y)
	}
}
