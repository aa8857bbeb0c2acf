package builtins_test

import (
	"math"
	"testing"
)

// TestLSTMGradients compares the gradients of lstm_backward with central differences of the loss
// sum(out * G) + sum(c * H).
func TestLSTMGradients(t *testing.T) {
	loss := func(all string) string {
		return `
f = function(matrix[double] X, matrix[double] W, matrix[double] b, matrix[double] o, matrix[double] c, matrix[double] G, matrix[double] H) return (double l) {
	[out, cells, x1, x2, x3] = lstm(X, W, b, o, c, ` + all + `);
	l = sum(out * G) + sum(cells * H);
}
slope = function(matrix[double] A, int which, matrix[double] X, matrix[double] W, matrix[double] b, matrix[double] o, matrix[double] c, matrix[double] G, matrix[double] H) return (matrix[double] D) {
	D = matrix(0, nrow(A), ncol(A)); h = 1e-5;
	for (i in 1:nrow(A)) { for (j in 1:ncol(A)) {
		E = matrix(0, nrow(A), ncol(A)); E[i, j] = h;
		d = 0.0;
		for (s in seq(-1, 1, 2)) {
			dX = X; dW = W; db = b; do = o; dc = c;
			if (which == 1) { dX = X + s * E } if (which == 2) { dW = W + s * E } if (which == 3) { db = b + s * E }
			if (which == 4) { do = o + s * E } if (which == 5) { dc = c + s * E }
			d = d + s * f(dX, dW, db, do, dc, G, H);
		}
		D[i, j] = d / (2 * h);
	} }
}
N = 2; T = 3; D = 2; M = 2;
X = rand(rows=N, cols=T*D, min=-1, seed=1); W = rand(rows=D+M, cols=4*M, min=-1, seed=2); b = rand(rows=1, cols=4*M, min=-1, seed=3);
o = rand(rows=N, cols=M, min=-1, seed=4); c = rand(rows=N, cols=M, min=-1, seed=5); H = rand(rows=N, cols=M, min=-1, seed=7);
[out, cells, k1, k2, k3] = lstm(X, W, b, o, c, ` + all + `);
G = rand(rows=nrow(out), cols=ncol(out), min=-1, seed=6);
[gX, gW, gb, go, gc] = lstm_backward(X, W, b, o, c, ` + all + `, G, H, k1, k2, k3);
e = max(abs(gX - slope(X, 1, X, W, b, o, c, G, H)));
e = max(e, max(abs(gW - slope(W, 2, X, W, b, o, c, G, H)))); e = max(e, max(abs(gb - slope(b, 3, X, W, b, o, c, G, H))));
e = max(e, max(abs(go - slope(o, 4, X, W, b, o, c, G, H)))); e = max(e, max(abs(gc - slope(c, 5, X, W, b, o, c, G, H))));
R = as.matrix(e);
`
	}
	for _, all := range []string{"TRUE", "FALSE"} {
		c := compileOver(t, loss(all))
		for _, cfg := range configs() {
			got, err := c.run(cfg, nil)
			if err != nil || len(got.v) != 1 || !(math.Abs(got.v[0]) < 1e-8) {
				t.Errorf("return_sequences=%s %+v: the gradients differ by %v, %v", all, cfg, got, err)
			}
		}
	}
}
