package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/scripts"
)

// gradcheck returns the gradient check with made-up data in place of a file.
func gradcheck(t *testing.T) string {
	t.Helper()
	text, err := scripts.Read("examples/autoencoder_gradcheck.dml")
	if err != nil {
		t.Fatal(err)
	}
	const read = "X = read($X)"
	if !strings.Contains(text, read) {
		t.Fatalf("the script does not say %s", read)
	}
	return strings.Replace(text, read, "X = rand(rows=24, cols=7, seed=11)", 1)
}

// The gradients of all layers are right for one to six hidden layers and every smooth activation.
func TestGradients(t *testing.T) {
	hidden := []string{"5", "5,3", "5,4,3", "6,5,4,3", "6,5,4,3,2", "6,5,5,4,4,3"}
	for i, h := range hidden {
		act := []string{"tanh", "sigmoid", "linear"}[i%3]
		if i >= 3 {
			act = "tanh"
		}
		out := must(t, script(t, gradcheck(t), 1, "HIDDEN="+h, "SWEEP=TRUE", "SEED=3", "ACTIVATION="+act, "OUT_ACTIVATION=linear"))
		if !strings.Contains(out, "GRADCHECK PASSED") {
			t.Errorf("%s: %s", h, out)
		}
	}
}

// One position prints its two gradients; positions outside are refused.
func TestGradientOfOneCell(t *testing.T) {
	args := []string{"H1=5", "H2=3", "SEED=3", "LAYER=2", "R=3", "C=5", "EPS=1e-4"}
	out := must(t, script(t, gradcheck(t), 1, args...))
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 4 || lines[0] != "GRADCHECK layer=2 r=3 c=5 eps=1.0E-4" ||
		!strings.HasPrefix(lines[1], "  analytic = ") || !strings.HasPrefix(lines[2], "  numeric  = ") {
		t.Errorf("output:\n%s", out)
	}
	if e := number(t, out, "rel_err  ="); e > 1e-6 {
		t.Errorf("relative error %g", e)
	}
	for _, bad := range []string{"LAYER=5", "LAYER=0", "R=4", "C=6"} {
		o := script(t, gradcheck(t), 1, append([]string{bad}, withoutKey(args, bad)...)...)
		if o.err == nil {
			t.Errorf("%s is accepted:\n%s", bad, o.out)
		}
	}
}

func withoutKey(args []string, like string) []string {
	key, _, _ := strings.Cut(like, "=")
	var out []string
	for _, a := range args {
		if !strings.HasPrefix(a, key+"=") {
			out = append(out, a)
		}
	}
	return out
}

// A wrong term in the backward pass makes the check fail.
func TestGradientCheckFindsMistakes(t *testing.T) {
	text, err := scripts.Read("builtin/autoencoder.dml")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ name, right, wrong string }{
		{"derivative of one layer missing", "      delta = ae_through(delta %*% as.matrix(model[l]), input, act)",
			"      if (l == 2)\n        delta = delta %*% as.matrix(model[l])\n      else\n        delta = ae_through(delta %*% as.matrix(model[l]), input, act)"},
		{"derivative of the output missing", `delta = ae_through(E, Y, as.scalar(config["out_activation"]))`, "delta = E"},
		{"bias in place of its gradient", "G[L + l] = t(colSums(delta))", "G[L + l] = as.matrix(model[L + l])"},
		{"delta of the layer below", `    G[l] = t(delta) %*% input
    G[L + l] = t(colSums(delta))
    if (l > 1)
      delta = ae_through(delta %*% as.matrix(model[l]), input, act)`, `    below = delta
    if (l > 1)
      below = ae_through(delta %*% as.matrix(model[l]), input, act)
    G[l] = t(delta) %*% input
    G[L + l] = t(colSums(delta))
    if (l == 2)
      G[l] = t(below) %*% input
    delta = below`},
		{"slope of the wrong activation", "E = D * (1 - H^2)", "E = D * (1 - H)"},
		{"factor", "G[l] = t(delta) %*% input", "G[l] = 1.0001 * t(delta) %*% input"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(text, c.right) != 1 {
				t.Fatalf("the script says %q %d times", c.right, strings.Count(text, c.right))
			}
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "builtin"), 0o755); err != nil {
				t.Fatal(err)
			}
			broken := strings.Replace(text, c.right, c.wrong, 1)
			if err := os.WriteFile(filepath.Join(dir, "builtin", "autoencoder.dml"), []byte(broken), 0o644); err != nil {
				t.Fatal(err)
			}
			o := scriptIn(t, dir, "test.dml", gradcheck(t), 1, "HIDDEN=5,5", "SWEEP=TRUE", "SEED=3")
			if o.err == nil || !strings.Contains(o.err.Error(), "GRADCHECK FAILED") {
				t.Errorf("error %v %v\n%s", o.err, fmt.Sprint(o.diags), o.out)
			}
		})
	}
}
