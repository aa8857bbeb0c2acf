package tests

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

// grid is a matrix as plain rows, for an implementation that shares nothing with the engine.
type grid [][]float64

// parseGrid reads the text of a matrix between two lines "name" and "end".
func parseGrid(t *testing.T, out, name string) grid {
	t.Helper()
	_, rest, ok := strings.Cut(out, "\n"+name+"\n")
	if !ok {
		t.Fatalf("no matrix %s in\n%.400s", name, out)
	}
	body, _, _ := strings.Cut(rest, "\nend")
	var g grid
	for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
		var row []float64
		for cell := range strings.SplitSeq(line, ",") {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, v)
		}
		g = append(g, row)
	}
	return g
}

// net is an autoencoder with tanh units in all layers.
type net struct {
	w, vw []grid
	b, vb [][]float64
}

func newNet(w []grid) *net {
	n := &net{w: w}
	for _, g := range w {
		v := make(grid, len(g))
		for i := range v {
			v[i] = make([]float64, len(g[0]))
		}
		n.vw = append(n.vw, v)
		n.b = append(n.b, make([]float64, len(g)))
		n.vb = append(n.vb, make([]float64, len(g)))
	}
	return n
}

// forward returns the activations of all layers for one row.
func (n *net) forward(x []float64) [][]float64 {
	as := [][]float64{x}
	for l, w := range n.w {
		a := make([]float64, len(w))
		for i := range a {
			s := n.b[l][i]
			for j, v := range as[l] {
				s += w[i][j] * v
			}
			a[i] = math.Tanh(s)
		}
		as = append(as, a)
	}
	return as
}

// step makes a momentum step along the mean gradient of some rows.
func (n *net) step(rows grid, lr, mu float64) {
	gw, gb := newNet(n.w).vw, newNet(n.w).vb
	for _, x := range rows {
		as := n.forward(x)
		delta := make([]float64, len(x))
		for i, y := range as[len(as)-1] {
			delta[i] = (y - x[i]) * (1 - y*y)
		}
		for l := len(n.w) - 1; l >= 0; l-- {
			below := make([]float64, len(as[l]))
			for i, d := range delta {
				gb[l][i] += d
				for j, a := range as[l] {
					gw[l][i][j] += d * a
					below[j] += d * n.w[l][i][j] * (1 - a*a)
				}
			}
			delta = below
		}
	}
	for l := range n.w {
		for i := range n.w[l] {
			n.vb[l][i] = mu*n.vb[l][i] - lr*gb[l][i]/float64(len(rows))
			n.b[l][i] += n.vb[l][i]
			for j := range n.w[l][i] {
				n.vw[l][i][j] = mu*n.vw[l][i][j] - lr*gw[l][i][j]/float64(len(rows))
				n.w[l][i][j] += n.vw[l][i][j]
			}
		}
	}
}

// The script computes what a plain implementation computes, over steps that change the weights a lot.
func TestAutoencoderAgainstPlainGo(t *testing.T) {
	for _, method := range []string{`"DEFAULTSERVER"`, `"PARAMSERV", k=1, scheme="DISJOINT_CONTIGUOUS"`} {
		out := must(t, script(t, autoencoderPrelude+`
show = function(string name, matrix[double] A) return (integer done) {
  print(name)
  print(toString(A, rows=-1, cols=-1, decimal=25, sep=",") + "end")
  done = 1
}
X = rand(rows=37, cols=6, min=-0.8, max=0.8, seed=8)
start = ae::ae_init(ae::ae_sizes(6, list(5, 3)), 9)
[M, H, hist] = autoencoder(X=X, hidden_layers=list(5, 3), max_epochs=6, batch_size=8, step=0.3, decay=0.9, mu=0.8, seed=9,
  standardize=FALSE, shuffle=FALSE, method=`+method+`)
print("data")
x = show("X", X)
for (l in 1:4) {
  x = show("start" + l, as.matrix(start[l]))
  x = show("W" + l, as.matrix(M["W" + l]))
  x = show("b" + l, as.matrix(M["b" + l]))
}
x = show("codes", H)`, 1))
		x := parseGrid(t, out, "X")
		var start []grid
		for l := 1; l <= 4; l++ {
			start = append(start, parseGrid(t, out, fmt.Sprintf("start%d", l)))
		}
		n := newNet(start)
		for e := range 6 {
			for lo := 0; lo < len(x); lo += 8 {
				n.step(x[lo:min(lo+8, len(x))], 0.3*math.Pow(0.9, float64(e)), 0.8)
			}
		}
		for l := 1; l <= 4; l++ {
			compare(t, fmt.Sprintf("W%d", l), parseGrid(t, out, fmt.Sprintf("W%d", l)), n.w[l-1], 1e-9)
			for i, row := range parseGrid(t, out, fmt.Sprintf("b%d", l)) {
				compare(t, fmt.Sprintf("b%d", l), grid{row}, grid{{n.b[l-1][i]}}, 1e-9)
			}
			if d := change(parseGrid(t, out, fmt.Sprintf("start%d", l)), n.w[l-1]); d < 0.1 {
				t.Errorf("training changes W%d by %g only", l, d)
			}
		}
		for i, row := range parseGrid(t, out, "codes") {
			compare(t, "codes", grid{row}, grid{n.forward(x[i])[2]}, 1e-9)
		}
	}
}

func compare(t *testing.T, name string, got, want grid, tol float64) {
	t.Helper()
	for i := range want {
		for j, w := range want[i] {
			if math.Abs(got[i][j]-w) > tol*max(1, math.Abs(w)) {
				t.Errorf("%s[%d,%d] is %v, want %v", name, i+1, j+1, got[i][j], w)
				return
			}
		}
	}
}

// change is the distance of two matrices relative to the first one, in the Frobenius norm.
func change(from, to grid) float64 {
	d, n := 0.0, 0.0
	for i := range from {
		for j := range from[i] {
			d += (to[i][j] - from[i][j]) * (to[i][j] - from[i][j])
			n += from[i][j] * from[i][j]
		}
	}
	return math.Sqrt(d / n)
}
