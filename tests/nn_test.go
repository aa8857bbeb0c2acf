package tests

import (
	"fmt"
	"strings"
	"testing"
)

// layerCase is a layer with inputs and calls of its functions. The inputs are P1, P2, ...; forward sets out (a matrix)
// or loss (a number), and backward, which may use dout, sets the gradients D1, D2, ... of the inputs.
type layerCase struct {
	name, inputs, forward, backward string
}

// uniform inputs are away from the kinks of rectifiers and of absolute values.
const (
	kinked  = "matrix(seq(1, 20), 4, 5) / 3 - 3.4 + 0.05 * rand(rows=4, cols=5, seed=1)"
	smooth  = "rand(rows=4, cols=5, min=-2, max=2, seed=1)"
	chances = "rand(rows=4, cols=5, min=0.1, max=0.9, seed=1)"
	targets = "table(seq(1, 4), matrix(\"2 5 1 2\", 4, 1), 4, 5)"
	images  = "rand(rows=3, cols=2*5*6, min=-1, max=1, seed=1)" // 3 images of 2 channels, 5 high and 6 wide
)

func layerCases() []layerCase {
	cs := []layerCase{
		{"affine", smooth + "; rand(rows=5, cols=3, seed=2); rand(rows=1, cols=3, seed=3)",
			"out = l::forward(P1, P2, P3)", "[D1, D2, D3] = l::backward(dout, P1, P2, P3)"},
		{"low_rank_affine", smooth + "; rand(rows=5, cols=2, seed=2); rand(rows=2, cols=3, seed=3); rand(rows=1, cols=3, seed=4)",
			"out = l::forward(P1, P2, P3, P4)", "[D1, D2, D3, D4] = l::backward(dout, P1, P2, P3, P4)"},
		{"elu", kinked, "out = l::forward(P1, 2)", "D1 = l::backward(dout, P1, 2)"},
		{"dropout", smooth, "[out, mask] = l::forward(P1, 0.6, 7)", "[o, mask] = l::forward(P1, 0.6, 7); D1 = l::backward(dout, P1, 0.6, mask)"},
		{"scale_shift1d", smooth + "; rand(rows=1, cols=5, seed=2); rand(rows=1, cols=5, seed=3)",
			"out = l::forward(P1, P2, P3)", "[D1, D2, D3] = l::backward(dout, P1, P1, P2, P3)"},
		{"scale_shift2d", images + "; rand(rows=2, cols=1, seed=2); rand(rows=2, cols=1, seed=3)",
			"out = l::forward(P1, P2, P3, 2, 5, 6)", "[D1, D2, D3] = l::backward(dout, P1, P1, P2, P3, 2, 5, 6)"},
		{"conv2d_builtin", images + "; rand(rows=4, cols=2*3*2, min=-1, max=1, seed=2); rand(rows=4, cols=1, seed=3)",
			"[out, H, W] = l::forward(P1, P2, P3, 2, 5, 6, 3, 2, 2, 1, 1, 0)",
			"[D1, D2, D3] = l::backward(dout, 3, 5, P1, P2, P3, 2, 5, 6, 3, 2, 2, 1, 1, 0)"},
		{"global_avg_pool2d", images, "[out, H, W] = l::forward(P1, 2, 5, 6)", "D1 = l::backward(dout, P1, 2, 5, 6)"},
		{"upsample2d", images, "out = l::forward(P1, 2, 5, 6, 2, 3)", "D1 = l::backward(dout, 2, 5, 6, 2, 3)"},
		{"softmax_cross_entropy_loss", smooth + "; " + targets, "loss = l::forward(P1, P2)", "D1 = l::backward(P1, P2)"},
	}
	for _, mode := range []string{"train", "test"} {
		cs = append(cs, layerCase{"batch_norm1d", smooth + "; rand(rows=1, cols=5, seed=2); rand(rows=1, cols=5, seed=3)",
			`[out, m, v, c1, c2, c3] = l::forward(P1, P2, P3, "` + mode + `", matrix(0.1, 1, 5), matrix(1.5, 1, 5), 0.9, 1e-4)`,
			`[out, m, v, c1, c2, c3] = l::forward(P1, P2, P3, "` + mode + `", matrix(0.1, 1, 5), matrix(1.5, 1, 5), 0.9, 1e-4)
[D1, D2, D3] = l::backward(dout, out, m, v, c1, c2, c3, P1, P2, P3, "` + mode + `", matrix(0.1, 1, 5), matrix(1.5, 1, 5), 0.9, 1e-4)`})
	}
	for _, n := range []string{"relu", "leaky_relu", "selu", "gelu", "silu", "sigmoid", "tanh", "softmax"} {
		in := smooth
		if strings.HasSuffix(n, "elu") && n != "gelu" {
			in = kinked
		}
		cs = append(cs, layerCase{n, in, "out = l::forward(P1)", "D1 = l::backward(dout, P1)"})
	}
	for _, n := range []string{"max_pool2d_builtin", "avg_pool2d_builtin"} {
		cs = append(cs, layerCase{n, images, "[out, H, W] = l::forward(P1, 2, 5, 6, 3, 2, 2, 1, 1, 0)",
			"D1 = l::backward(dout, 3, 5, P1, 2, 5, 6, 3, 2, 2, 1, 1, 0)"})
	}
	for n, in := range map[string]string{"cross_entropy_loss": chances + "; " + targets, "log_loss": chances + "; " + targets,
		"l1_loss": kinked + "; " + targets, "l2_loss": smooth + "; " + targets, "logcosh_loss": smooth + "; " + targets} {
		cs = append(cs, layerCase{n, in, "loss = l::forward(P1, P2)", "D1 = l::backward(P1, P2)"})
	}
	for _, n := range []string{"l1_reg", "l2_reg"} {
		cs = append(cs, layerCase{n, kinked, "loss = l::forward(P1, 0.3)", "D1 = l::backward(P1, 0.3)"})
	}
	return cs
}

// layerScript compares every cell of the gradients with central differences of a random combination of the outputs.
func layerScript(c layerCase) string {
	inputs := strings.Split(c.inputs, "; ")
	var params, args, define, check strings.Builder
	for i, in := range inputs {
		p := fmt.Sprintf("P%d", i+1)
		fmt.Fprintf(&params, ", matrix[double] %s", p)
		fmt.Fprintf(&args, ", %s", p)
		fmt.Fprintf(&define, "%s = %s\n", p, in)
		if strings.Contains(c.backward, fmt.Sprintf("D%d", i+1)) {
			fmt.Fprintf(&check, `
N = matrix(0, nrow(%[1]s), ncol(%[1]s))
keep = %[1]s
for (i in 1:nrow(keep)) for (j in 1:ncol(keep)) {
  %[1]s = keep
  %[1]s[i, j] = as.scalar(keep[i, j]) + 1e-5
  up = objective(R@)
  %[1]s[i, j] = as.scalar(keep[i, j]) - 1e-5
  down = objective(R@)
  N[i, j] = (up - down) / 2e-5
}
%[1]s = keep
print("error%[2]d " + (max(abs(N - D%[2]d)) / max(max(abs(N)), 1e-12)))`, p, i+1)
		}
	}
	value := "loss"
	if strings.Contains(c.forward, "out") {
		value = "sum(out * R[1:nrow(out), 1:ncol(out)])"
	}
	text := fmt.Sprintf(`source("nn/layers/%s.dml") as l
objective = function(matrix[double] R%s) return (double J) {
  %s
  J = %s
}
R = rand(rows=20, cols=400, min=0.5, max=2, seed=99)
%s%s
`, c.name, params.String(), c.forward, value, define.String(), strings.ReplaceAll(c.forward, "; ", "\n"))
	if value != "loss" {
		text += "dout = R[1:nrow(out), 1:ncol(out)]\nprint(\"outputs \" + length(out))\n"
	}
	return text + strings.ReplaceAll(c.backward, "; ", "\n") + strings.ReplaceAll(check.String(), "@", args.String())
}

// The gradients of every layer are those of its output.
func TestLayerGradients(t *testing.T) {
	for _, c := range layerCases() {
		out := must(t, script(t, layerScript(c), 1))
		n := strings.Count(out, "error")
		if n == 0 {
			t.Errorf("%s is not checked", c.name)
		}
		for i := 1; i <= n; i++ {
			if e := number(t, out, fmt.Sprintf("error%d ", i)); !(e < 1e-7) {
				t.Errorf("%s: relative error %g of gradient %d", c.name, e, i)
			}
		}
	}
}

// Layers whose gradients alone would not tell what they compute.
func TestLayerValues(t *testing.T) {
	out := must(t, script(t, `
source("nn/layers/dropout.dml") as dropout
source("nn/layers/affine.dml") as affine
source("nn/layers/conv2d_builtin.dml") as conv2d
source("nn/layers/max_pool2d_builtin.dml") as max_pool2d
source("nn/layers/batch_norm1d.dml") as batch_norm1d
source("nn/layers/softmax.dml") as softmax
source("nn/layers/cross_entropy_loss.dml") as cross_entropy_loss
source("nn/layers/logcosh_loss.dml") as logcosh_loss
source("nn/layers/upsample2d.dml") as upsample2d
source("nn/util.dml") as util
X = matrix(1, 200, 100)
[D, mask] = dropout::forward(X, 0.8, 3)
[D2, mask2] = dropout::forward(X, 0.8, 3)
print("kept " + mean(mask) + " mean " + mean(D) + " repeats " + sum(mask != mask2))
[W, b] = affine::init(50, 300, 7)
print("affine " + (mean(W^2) * 25) + " " + sum(abs(b)))
[W, b] = conv2d::init(60, 3, 5, 5, 7)
print("filters " + nrow(W) + " " + ncol(W) + " " + (mean(W^2) * 37.5) + " " + nrow(b))
I = matrix(seq(1, 16), 1, 16)
[o, H, V] = conv2d::forward(I, matrix(1, 1, 9), matrix(10, 1, 1), 1, 4, 4, 3, 3, 1, 1, 1, 1)
print("conv " + H + " " + V + " " + as.scalar(o[1, 6]) + " " + as.scalar(o[1, 1]))
[o, H, V] = max_pool2d::forward(I, 1, 4, 4, 2, 2, 2, 2, 0, 0)
print("pool " + H + " " + V + " " + sum(o))
Z = rand(rows=50, cols=2, seed=1) * 4 + 3
[o, m, v, c1, c2, c3] = batch_norm1d::forward(Z, matrix("2 3", 1, 2), matrix("5 6", 1, 2), "train", matrix(0, 1, 2), matrix(1, 1, 2), 0.9, 0)
mo = colMeans(o)
vo = colMeans((o - mo)^2)
print("norm " + abs(as.scalar(mo[1, 2]) - 6) + " " + abs(as.scalar(vo[1, 1]) - 4) + " " + max(abs(m - 0.1 * colMeans(Z))) + " "
  + max(abs(v - 0.9 - 0.1 * colMeans((Z - colMeans(Z))^2))))
p = softmax::forward(matrix("1000 1000 -1000 0 0 0", 2, 3))
print("softmax " + as.scalar(p[1, 1]) + " " + as.scalar(p[1, 3]) + " " + abs(as.scalar(p[2, 2]) - 1/3))
print("entropy " + cross_entropy_loss::forward(matrix("0.5 0.5 0.25 0.75", 2, 2), matrix("1 0 1 0", 2, 2)))
print("logcosh " + logcosh_loss::forward(matrix("1000 0", 2, 1), matrix("0 0", 2, 1)))
u = upsample2d::forward(matrix("1 2 3 4", 1, 4), 1, 2, 2, 2, 3)
print("upsample " + toString(matrix(u, 4, 6)))
print("sums " + toString(t(util::channel_sums(matrix(seq(1, 12), 2, 6), 3, 1, 2))))
[v, i] = util::top_k(matrix("3 9 9 1 2 0", 2, 3), 2)
print("top " + toString(cbind(v, i)))
`, 1))
	for label, want := range map[string][2]float64{"mean ": {0.98, 1.02}, "kept ": {0.78, 0.82}, "repeats ": {0, 0}, "affine ": {0.96, 1.04},
		"filters 60 75 ": {0.94, 1.06}, "norm ": {0, 1e-12}, "entropy ": {1.0397207, 1.0397208}, "logcosh ": {499.65342, 499.65343}} {
		if v := number(t, out, label); v < want[0] || v > want[1] {
			t.Errorf("%s is %g", label, v)
		}
	}
	for _, line := range []string{"conv 4 4 64.0 24.0\n", "pool 2 2 44.0\n", "softmax 0.5 0.0 ",
		"upsample 1.000 1.000 1.000 2.000 2.000 2.000\n1.000 1.000", "sums 18.000 26.000 34.000\n",
		"top 9.000 9.000 2.000 3.000\n2.000 1.000 2.000 1.000\n"} {
		if !strings.Contains(out, line) {
			t.Errorf("no line %q in\n%s", line, out)
		}
	}
}
