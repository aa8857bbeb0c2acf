package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/scripts"
)

// lenetCheck compares all gradients of a small network with central differences. The dropout mask is fixed by its seed.
const lenetCheck = `
source("nn/networks/lenet.dml") as lenet
source("nn/layers/cross_entropy_loss.dml") as cross_entropy_loss
objective = function(matrix[double] X, matrix[double] Y, list[unknown] model) return (double J) {
  [probs, cache] = lenet::forward(X, model, 2, 8, 4, $keep, 3)
  J = cross_entropy_loss::forward(probs, Y) + lenet::penalty(model, 0.01)
}
X = rand(rows=5, cols=64, min=-1, max=1, seed=1)
Y = table(seq(1, 5), matrix("1 3 2 3 1", 5, 1), 5, 3)
model = lenet::init(2, 8, 4, 3, 11, 2, 3, 7)
for (p in 5:8) {
  b = as.matrix(model[p])
  model[p] = 0.1 * rand(rows=nrow(b), cols=ncol(b), seed=p)
}
[probs, cache] = lenet::forward(X, model, 2, 8, 4, $keep, 3)
G = lenet::backward(X, Y, probs, cache, model, 2, 8, 4, $keep, 0.01)
for (p in 1:8) {
  W = as.matrix(model[p])
  N = W
  for (i in 1:nrow(W)) for (j in 1:ncol(W)) {
    V = W
    V[i, j] = as.scalar(W[i, j]) + 1e-6
    M = model
    M[p] = V
    up = objective(X, Y, M)
    V[i, j] = as.scalar(W[i, j]) - 1e-6
    M[p] = V
    N[i, j] = (up - objective(X, Y, M)) / 2e-6
  }
  print("error" + p + " " + (max(abs(N - as.matrix(G[p]))) / max(abs(N))))
}`

// lenetErrors runs the check with the scripts below dir and returns the relative error of every parameter.
func lenetErrors(t *testing.T, dir, keep string) []float64 {
	t.Helper()
	out := must(t, scriptIn(t, dir, "test.dml", strings.ReplaceAll(lenetCheck, "$keep", keep), 1))
	errs := make([]float64, 8)
	for p := range errs {
		errs[p] = number(t, out, fmt.Sprintf("error%d ", p+1))
	}
	return errs
}

func TestLeNetGradients(t *testing.T) {
	for _, keep := range []string{"0.5", "1.0"} {
		for p, e := range lenetErrors(t, "..", keep) {
			if !(e < 1e-6) {
				t.Errorf("keep %s: relative error %g of parameter %d", keep, e, p+1)
			}
		}
	}
}

// A backward pass that takes the cells before dropout for the input of the last layer is found out, in
// the weights of that layer; so is one that forgets the mask, in the layers below.
func TestLeNetGradientsFindDropoutMistakes(t *testing.T) {
	text, err := scripts.Read("nn/networks/lenet.dml")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		right, wrong string
		params       []int // that are wrong
	}{
		{`affine::backward(da4, as.matrix(cache["d3"]), W4`, `affine::backward(da4, as.matrix(cache["r3"]), W4`, []int{4}},
		{`dr3 = dropout::backward(dd3, as.matrix(cache["r3"]), keep, as.matrix(cache["mask"]))`, `dr3 = dd3`, []int{1, 2, 3, 5, 6, 7}},
	}
	for _, c := range cases {
		if strings.Count(text, c.right) != 1 {
			t.Fatalf("the script says %q %d times", c.right, strings.Count(text, c.right))
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "nn", "networks", "lenet.dml")
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(text, c.right, c.wrong, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		errs := lenetErrors(t, dir, "0.5")
		for p := range errs {
			wrong := false
			for _, q := range c.params {
				wrong = wrong || q == p+1
			}
			if wrong != (errs[p] > 1e-3) {
				t.Errorf("%s: relative error %g of parameter %d", c.wrong, errs[p], p+1)
			}
		}
	}
}
