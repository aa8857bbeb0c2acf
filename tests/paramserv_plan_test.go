package tests

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"gdml/compiler"
	"gdml/compiler/explain"
	"gdml/runtime/exec"
	"gdml/runtime/par"
)

// A plan shows where a call runs, with how many workers on how many rows, and the size of the model.
func TestParamservIsExplained(t *testing.T) {
	for _, c := range []struct{ change, want string }{
		{"k=2", "# LOCAL, BSP, BATCH: 2 workers with 12 rows in 3 batches; model of 32 bytes"},
		{"k=5", "# LOCAL, BSP, BATCH: 5 workers with 5 to 4 rows in 2 batches; model of 32 bytes"},
		{"k=30", "# LOCAL, BSP, BATCH: 24 workers with 1 rows in 1 batches; model of 32 bytes"},
		{`scheme="OVERLAP_RESHUFFLE"`, "# LOCAL, BSP, BATCH: 2 workers with 24 rows in 6 batches; model of 32 bytes"},
		{"-k", "# LOCAL, BSP, BATCH: a worker for each thread, at most 6; model of 32 bytes"},
		{"-utype", "# LOCAL, ASP, BATCH: 2 workers"},
		{"k=as.integer(sum(X))", "workers as k says"},
		{"batchsize=as.integer(sum(X))", "2 workers with 12 rows; model"},
		{"features=removeEmpty(target=X, margin=\"rows\")", "BATCH: 2 workers; model of 32 bytes"},
		{`model=append(M, 3)`, "model of unknown size"},
	} {
		res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "test.dml", Text: meanFunctions + "P = " + psCall(c.change) + "\nprint(length(P))"},
			compiler.Options{Level: compiler.O2})
		if ds.HasErrors() {
			t.Fatal(c.change, messages(ds.All()))
		}
		var plan strings.Builder
		if err := explain.HOPs(&plan, res.HOPs); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), c.want) {
			t.Errorf("%s: no %q in\n%s", c.change, c.want, plan.String())
		}
	}
}

// A call leaves the program as it was: the functions that it ran in parallel are the same afterwards, for the script itself
// and for another run.
func TestParamservLeavesTheProgramAlone(t *testing.T) {
	text := meanFunctions + `
a = grad(M, X, Y)
P = ` + psCall("k=4") + `
b = grad(M, X, Y)
print(sum(abs(as.matrix(a[1]) - as.matrix(b[1]))) + " " + as.scalar(P["n"]))`
	res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "test.dml", Text: text}, compiler.Options{Level: compiler.O2})
	if ds.HasErrors() {
		t.Fatal(messages(ds.All()))
	}
	plan := func() string {
		var b strings.Builder
		if err := explain.Runtime(&b, res.Program); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	before := plan()
	for range 2 {
		var out bytes.Buffer
		threads := par.New(3)
		m := exec.New(res.Program, exec.Options{Out: &out, Workers: threads, Seed: 1, Seeded: true})
		err := m.Run(context.Background())
		m.Close()
		if err != nil || out.String() != "0.0 4\n" {
			t.Errorf("%q, %v", out.String(), err)
		}
		if threads.Threads() != 3 {
			t.Errorf("%d threads are left", threads.Threads())
		}
		if after := plan(); after != before {
			t.Errorf("the plan was\n%s\nand is now\n%s", before, after)
		}
	}
}

// Without k there are as many workers as threads, of which the iterations of a parfor have a share each.
func TestParamservTakesTheThreadsAtHand(t *testing.T) {
	text := strings.Replace(meanFunctions, "list[unknown] gradients) return", "list[unknown] gradients, list[unknown] psinfo) return", 1)
	text = strings.Replace(text, `n = as.scalar(model["n"]) + 1`, `n = as.integer(as.scalar(psinfo["workers"]))`, 1)
	out := must(t, script(t, text+"P = "+psCall("-k")+`
print("alone " + as.scalar(P["n"]))
R = matrix(0, 4, 1)
parfor (i in 1:4) {
  Q = `+psCall("-k")+`
  R[i,1] = as.scalar(Q["n"])
}
print("side by side " + min(R) + " " + max(R))`, 4))
	if out != "alone 4\nside by side 1.0 1.0\n" {
		t.Errorf("workers: %s", out)
	}
}

// Loss and accuracy may be integers and booleans.
func TestParamservScoresAreNumbers(t *testing.T) {
	text := strings.Replace(meanFunctions, "return (double loss, double accuracy)", "return (integer loss, boolean accuracy)", 1)
	text = strings.Replace(text, `loss = sum((val_features - as.matrix(model["m"]))^2)`, "loss = nrow(val_features)", 1)
	text = strings.Replace(text, `accuracy = as.scalar(model["n"])`, `accuracy = as.scalar(model["n"]) > 3`, 1)
	out := must(t, script(t, text+"[P, H] = "+psCall(`val="score"`, "val_features=X", "val_labels=Y")+"\nprint(toString(H[,6:7]))", 2))
	if out != "24.000 0.000\n24.000 1.000\n\n" {
		t.Errorf("history %q", out)
	}
}
