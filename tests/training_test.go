package tests

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"gdml/compiler"
	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/par"
)

// outcome is what a script left behind.
type outcome struct {
	out   string
	warn  []string
	diags []diag.Diagnostic
	err   error
}

// script compiles and runs text with -nvargs style arguments on some threads.
func script(t testing.TB, text string, threads int, args ...string) outcome {
	t.Helper()
	return scriptIn(t, "..", "test.dml", text, threads, args...)
}

// scriptIn is script with a name and the directory that source paths start from.
func scriptIn(t testing.TB, dir, name, text string, threads int, args ...string) outcome {
	t.Helper()
	o := compiler.Options{Level: compiler.O2, Check: true, Args: map[string]string{}, Dir: dir}
	for _, a := range args {
		k, v, _ := strings.Cut(a, "=")
		o.Args[k] = v
	}
	res, ds := compiler.Compile(context.Background(), compiler.Source{Name: name, Text: text}, o)
	got := outcome{diags: ds.All()}
	if ds.HasErrors() {
		return got
	}
	var out bytes.Buffer
	m := exec.New(res.Program, exec.Options{
		Out: &out, Workers: par.New(threads), Seed: 1, Seeded: true,
		Warn: func(s string) { got.warn = append(got.warn, s) },
	})
	limit := time.Minute
	if os.Getenv("GDML_LONG") != "" {
		limit = 30 * time.Minute
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	got.err = m.Run(ctx)
	m.Close()
	got.out = out.String()
	return got
}

// must fails the test unless the script ran, and returns its output.
func must(t testing.TB, o outcome) string {
	t.Helper()
	for _, d := range o.diags {
		if d.Severity == diag.Error {
			t.Fatalf("%v: %s (%s)", d.Code, d.Msg, d.Hint)
		}
	}
	if o.err != nil {
		t.Fatalf("%v\n%s", o.err, o.out)
	}
	return o.out
}

// number returns the number after the last occurrence of label in out.
func number(t testing.TB, out, label string) float64 {
	t.Helper()
	i := strings.LastIndex(out, label)
	if i < 0 {
		t.Fatalf("no %q in:\n%s", label, out)
	}
	f := strings.Fields(out[i+len(label):])
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimRight(f[0], ","), "Infinity", "Inf"), 64)
	if err != nil {
		t.Fatalf("%s %v", label, err)
	}
	return v
}

const softmaxFunctions = `
grad = function(list[unknown] model, list[unknown] hyperparams, matrix[double] features, matrix[double] labels)
  return (list[unknown] g) {
  S = features %*% as.matrix(model["W"]) + as.matrix(model["b"])
  Q = exp(S - rowMaxs(S)); Q = Q / rowSums(Q)
  d = (Q - labels) / nrow(features)
  g = list(t(features) %*% d, colSums(d))
}
step = function(list[unknown] model, list[unknown] hyperparams, list[unknown] gradients) return (list[unknown] m) {
  lr = as.scalar(hyperparams["lr"])
  m = list(W = as.matrix(model["W"]) - lr * as.matrix(gradients[1]), b = as.matrix(model["b"]) - lr * as.matrix(gradients[2]))
}
X = rand(rows=96, cols=5, seed=3)
Y = table(seq(1, 96), (seq(1, 96) %% 3) + 1)
M = list(W = matrix(0, ncol(X), ncol(Y)), b = matrix(0, 1, ncol(Y)))
`

// Two workers in lock step are a sequential loop over pairs of batches with twice the step on the mean of the pair.
func TestSoftmaxOnTwoWorkers(t *testing.T) {
	out := must(t, script(t, softmaxFunctions+`
P = paramserv(model=M, features=X, labels=Y, upd=".defaultNS::grad", agg=".defaultNS::step", utype="BSP",
  freq="BATCH", epochs=3, batchsize=16, k=2, hyperparams=list(lr=0.5))
for (e in 1:3) {
  for (j in 0:2) {
    a = X[(j*16+1):(j*16+16),]; b = X[(48+j*16+1):(48+j*16+16),]
    la = Y[(j*16+1):(j*16+16),]; lb = Y[(48+j*16+1):(48+j*16+16),]
    g = grad(M, list(lr=0.5), rbind(a, b), rbind(la, lb))
    M = step(M, list(lr=1.0), g)
  }
}
print("distance " + max(abs(as.matrix(P["W"]) - as.matrix(M["W"]))))
print("moved " + max(abs(as.matrix(P["W"]))))
`, 2))
	if d := number(t, out, "distance"); d > 1e-12 {
		t.Errorf("distance %g", d)
	}
	if m := number(t, out, "moved"); m < 0.01 {
		t.Errorf("the model moved by %g only", m)
	}
}
