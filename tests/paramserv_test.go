package tests

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/lang/diag"
	"gdml/runtime/exec"
)

// meanFunctions estimate the mean of the rows of X; the model also counts its updates.
const meanFunctions = `
grad = function(list[unknown] model, matrix[double] features, matrix[double] labels) return (list[unknown] g) {
  g = list(as.matrix(model["m"]) - colMeans(features))
}
step = function(list[unknown] model, list[unknown] gradients) return (list[unknown] next) {
  next = list(m = as.matrix(model["m"]) - 0.25 * as.matrix(gradients[1]), n = as.scalar(model["n"]) + 1)
}
score = function(list[unknown] model, matrix[double] val_features, matrix[double] val_labels) return (double loss, double accuracy) {
  loss = sum((val_features - as.matrix(model["m"]))^2)
  accuracy = as.scalar(model["n"])
}
X = rand(rows=24, cols=3, seed=5)
Y = X[,1]
M = list(m = matrix(0, 1, 3), n = 0)
`

// psCall is a correct call with some of its arguments replaced ("k=2") or left out ("-k").
func psCall(changes ...string) string {
	args := []string{"model=M", "features=X", "labels=Y", `upd="grad"`, `agg="step"`, "epochs=2", `utype="BSP"`, `freq="BATCH"`, "batchsize=4", "k=2"}
	for _, c := range changes {
		key, _, _ := strings.Cut(strings.TrimPrefix(c, "-"), "=")
		kept := args[:0:0]
		for _, a := range args {
			if !strings.HasPrefix(a, key+"=") {
				kept = append(kept, a)
			}
		}
		args = kept
		if !strings.HasPrefix(c, "-") {
			args = append(args, c)
		}
	}
	return "paramserv(" + strings.Join(args, ", ") + ")"
}

// Every way to name a function gives the same model.
func TestParamservFunctionKeys(t *testing.T) {
	dir := t.TempDir()
	functions, _, _ := strings.Cut(meanFunctions, "X = rand")
	if err := os.MkdirAll(filepath.Join(dir, "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lib", "mean.dml"), []byte(functions), 0o644); err != nil {
		t.Fatal(err)
	}
	forms := []string{
		`upd="grad", agg="step"`,
		`upd=".defaultNS::grad", agg=".defaultNS::step"`,
		`upd=grad, agg=step`,
		`upd="net::grad", agg="net::step"`,
		`upd="lib/mean.dml::grad", agg="./lib/mean.dml::step"`,
		`upd=".\\lib\\mean.dml::grad", agg="lib\\mean.dml::step"`,
		`upd=as.scalar(u[1]), agg=as.scalar(u[2])`,
		`upd=as.scalar(u[3]), agg=as.scalar(u[4])`,
		`upd=as.scalar(u[5]), agg=as.scalar(u[6])`,
	}
	setup := `u = list("grad", "step", "./lib/mean.dml::grad", "lib\\mean.dml::step", ".defaultNS::grad", ".defaultNS::step")` + "\n"
	want := ""
	for _, f := range forms {
		o := scriptIn(t, dir, filepath.Join(dir, "main.dml"), `source("lib/mean.dml") as net`+"\n"+meanFunctions+setup+
			"P = "+strings.Replace(psCall("-upd", "-agg"), ")", ", "+f+")", 1)+"\nprint(toString(as.matrix(P[1]), decimal=20))", 1)
		out := must(t, o)
		if want == "" {
			want = out
		}
		if out != want || len(out) < 20 {
			t.Errorf("%s: %q, want %q", f, out, want)
		}
	}
}

// A function passed on through two calls is checked where it is used; a variable wins over a function of its name.
func TestParamservFunctionsArePassedOn(t *testing.T) {
	text := meanFunctions + `
inner = function(matrix[double] X, list[unknown] M, string f, string s) return (list[unknown] P) {
  P = paramserv(model=M, features=X, labels=X, upd=f, agg=s, epochs=2, utype="BSP", freq="BATCH", batchsize=4, k=2)
}
outer = function(matrix[double] X, list[unknown] M, string f) return (list[unknown] P) { P = inner(X, M, f, "step") }
few = function(list[unknown] model, matrix[double] rows) return (list[unknown] g) { g = model }
P = outer(X, M, FUNCTION)
Q = ` + psCall("upd=grad", "agg=step") + `
print(sum(abs(as.matrix(P["m"]) - as.matrix(Q["m"]))))`
	if out := must(t, script(t, strings.Replace(text, "FUNCTION", `"grad"`, 1), 2)); out != "0.0\n" {
		t.Errorf("passed on, it trains another model: %s", out)
	}
	o := script(t, strings.Replace(text, "FUNCTION", `"few"`, 1), 2)
	if o.err == nil || !strings.Contains(o.err.Error(), "few declares the input rows, which is not passed to it") {
		t.Errorf("error %v", o.err)
	}
	o = script(t, strings.Replace(text, "P = outer(X, M, FUNCTION)", `grad = "few"`+"\nP = M", 1), 2)
	if !hasError(o.diags, "few declares the input rows") && (o.err == nil || !strings.Contains(o.err.Error(), "few declares the input rows")) {
		t.Errorf("the variable grad is not used: %v %v", messages(o.diags), o.err)
	}
}

// psinfo tells the functions where they are; defaults of other inputs are used; hyperparams are passed to who declares them.
func TestParamservInputs(t *testing.T) {
	out := must(t, script(t, `
grad = function(list[unknown] model, matrix[double] features, list[unknown] psinfo, double scale = 10.0) return (list[unknown] g) {
  e = as.scalar(psinfo["epoch"]); r = as.scalar(psinfo["rows"]); i = as.scalar(psinfo["iter"])
  g = list(scale * as.matrix(e), as.matrix(r - nrow(features)), as.matrix(i))
}
step = function(list[unknown] model, list[unknown] gradients, list[unknown] psinfo, list[unknown] hyperparams) return (list[unknown] next) {
  next = list(a = as.matrix(model["a"]) + as.matrix(gradients[1]), b = as.matrix(model["b"]) + abs(as.matrix(gradients[2])),
    c = as.matrix(model["c"]) + as.scalar(hyperparams["one"]), d = as.matrix(as.scalar(psinfo["rows"])))
}
X = rand(rows=10, cols=2, seed=1)
Z = list(a = as.matrix(0), b = as.matrix(0), c = as.matrix(0), d = as.matrix(0))
P = paramserv(model=Z, features=X, labels=X, upd=grad, agg=step, epochs=2, utype="BSP", freq="BATCH", batchsize=5, k=1, hyperparams=list(one=1))
print("a " + as.scalar(as.matrix(P["a"])))
print("b " + as.scalar(as.matrix(P["b"])))
print("c " + as.scalar(as.matrix(P["c"])))
print("d " + as.scalar(as.matrix(P["d"])))`, 1))
	for label, want := range map[string]float64{"a": 60, "b": 0, "c": 4, "d": 5} {
		if got := number(t, out, label+" "); got != want {
			t.Errorf("%s is %v, want %v", label, got, want)
		}
	}
}

// The history has a row per epoch, with what val returned.
func TestParamservHistory(t *testing.T) {
	out := must(t, script(t, meanFunctions+"[P, H] = "+psCall(`val="score"`, "val_features=X", "val_labels=Y", "epochs=3")+`
print("rows " + nrow(H)); print("cols " + ncol(H))
print("falls " + (as.scalar(H[1,6]) > as.scalar(H[3,6])))
print("updates " + as.scalar(H[3,7]))
print("last " + (as.scalar(H[3,6]) - sum((X - as.matrix(P["m"]))^2)))
print("pushes " + as.scalar(H[2,3]))`, 2))
	for label, want := range map[string]float64{"rows ": 3, "cols ": 7, "updates ": 9, "last ": 0, "pushes ": 6} {
		if got := number(t, out, label); got != want {
			t.Errorf("%s%v, want %v", label, got, want)
		}
	}
	if !strings.Contains(out, "falls TRUE") {
		t.Error(out)
	}
	out = must(t, script(t, meanFunctions+"[P, H] = "+psCall()+"\nprint(is.nan(as.scalar(H[1,6])))", 2))
	if out != "TRUE\n" {
		t.Errorf("loss without validation: %s", out)
	}
}

// An error in a function names worker, epoch, batch, and the function with its line.
func TestParamservErrorsPointIntoTheFunction(t *testing.T) {
	text := strings.Replace(meanFunctions, `  g = list(as.matrix(model["m"]) - colMeans(features))`,
		"  if (as.scalar(model[\"n\"]) > 2)\n    stop(\"no more\")\n  g = list(as.matrix(model[\"m\"]) - colMeans(features))", 1)
	o := script(t, text+"P = "+psCall("k=1")+"\nprint(length(P))", 1)
	var e *exec.Error
	if !errors.As(o.err, &e) {
		t.Fatalf("error %v, diagnostics %v", o.err, messages(o.diags))
	}
	if !strings.Contains(e.Msg, "no more") || !strings.Contains(e.Msg, "gradient of worker 1, epoch 1, batch 4") {
		t.Errorf("message %q", e.Msg)
	}
	if len(e.Stack) == 0 || e.Stack[len(e.Stack)-1].Func != "grad" || e.Code != diag.Stopped {
		t.Errorf("stack %v, code %v", e.Stack, e.Code)
	}
	line := 1 + strings.Count(text[:strings.Index(text, "stop(")], "\n")
	if at := lineOf(text, int(e.At.Start)-1); at != line {
		t.Errorf("the error is placed in line %d, not %d", at, line)
	}
}

func lineOf(text string, offset int) int {
	if offset < 0 || offset > len(text) {
		return 0
	}
	return 1 + strings.Count(text[:offset], "\n")
}

// Every update type and option trains from a script; what is deterministic agrees with BSP or with itself.
func TestParamservModes(t *testing.T) {
	run := func(changes ...string) string {
		t.Helper()
		text := strings.Replace(meanFunctions, ", n = as.scalar(model[\"n\"]) + 1)", ", n = as.scalar(model[\"n\"]))", 1)
		return must(t, script(t, text+"P = "+psCall(append([]string{"epochs=30"}, changes...)...)+`
print(toString(as.matrix(P["m"]), decimal=17))
print("far " + max(abs(as.matrix(P["m"]) - colMeans(X))))`, 4))
	}
	bsp := run()
	for _, same := range []string{`utype="SBP", num_backup_workers=0`, "prefetch=FALSE", "servers=1", "retries=2", `imbalance="CYCLE"`, "scheme_compat=TRUE"} {
		if got := run(same); got != bsp {
			t.Errorf("%s gives %s, BSP gives %s", same, got, bsp)
		}
	}
	one := run("k=1")
	for _, utype := range []string{"ASP", "SSP", "HOGWILD"} {
		if got := run("k=1", fmt.Sprintf("utype=%q", utype)); got != one {
			t.Errorf("one worker under %s gives %s, under BSP %s", utype, got, one)
		}
	}
	for _, c := range [][]string{
		{`utype="ASP"`}, {`utype="SBP"`}, {`utype="SBP", num_backup_workers="auto"`}, {`utype="SSP"`}, {`utype="SSP", staleness=0`},
		{`utype="HOGWILD"`}, {`utype="EASGD"`}, {`utype="EASGD", alpha=0.1`, `freq="EPOCH"`}, {"-freq", "localsteps=2"},
		{`utype="ASP"`, "-freq", "localsteps=2", "alpha=0.3"}, {`compress="TOPK:0.5"`}, {`compress="Q8"`},
		{`scheme="OVERLAP_RESHUFFLE", reshuffle=TRUE`}, {`utype="SSP", modelAvg=TRUE`}, {`imbalance="DROP"`, "k=5"},
		{"modelAvg=TRUE, weighting=TRUE", "k=5"}, {`utype="SBP", modelAvg=TRUE`},
	} {
		if far := number(t, run(c...), "far "); !(far < 0.15) {
			t.Errorf("%v ends %v away from the mean", c, far)
		}
	}
}

// The seed of a call drives what its functions draw; without it, the seed of the run does.
func TestParamservSeeds(t *testing.T) {
	text := strings.Replace(meanFunctions, "- colMeans(features))", "- colMeans(features) + rand(rows=1, cols=3))", 1)
	run := func(change string) string {
		return must(t, script(t, text+"P = "+psCall(change)+"\nQ = "+psCall(change)+`
print(toString(as.matrix(P["m"]), decimal=20) + sum(as.matrix(P["m"]) - as.matrix(Q["m"])))`, 2))
	}
	if a, b := run("seed=7"), run("seed=7"); a != b || !strings.HasSuffix(a, "\n0.0\n") {
		t.Errorf("one seed, two models: %s %s", a, b)
	}
	if run("seed=7") == run("seed=8") {
		t.Error("two seeds, one model")
	}
	if a, b := run("-seed"), run("-seed"); a != b || strings.HasSuffix(a, "\n0.0\n") {
		t.Errorf("calls without a seed: %s %s", a, b)
	}
}

// Calls side by side give what they give one after the other.
func TestParamservInParfor(t *testing.T) {
	text := meanFunctions + `
R = matrix(0, 4, 3)
LOOP (i in 1:4) {
  P = paramserv(model=M, features=X * i, labels=Y, upd="grad", agg="step", epochs=2, utype="BSP", freq="BATCH", batchsize=4, k=2, seed=3)
  R[i,] = as.matrix(P["m"])
}
print(toString(R, decimal=20))`
	one := must(t, script(t, strings.Replace(text, "LOOP", "for", 1), 2))
	if all := must(t, script(t, strings.Replace(text, "LOOP", "parfor", 1), 2)); all != one {
		t.Errorf("parfor gives\n%s, for gives\n%s", all, one)
	}
}

// The model list keeps its names when agg returns a list without names.
func TestParamservKeepsNames(t *testing.T) {
	text := strings.Replace(meanFunctions, `list(m = as.matrix(model["m"]) - 0.25 * as.matrix(gradients[1]), n = as.scalar(model["n"]) + 1)`,
		`list(as.matrix(model["m"]) - 0.25 * as.matrix(gradients[1]), as.scalar(model["n"]) + 1)`, 1)
	out := must(t, script(t, text+"P = "+psCall()+"\nprint(as.scalar(P[\"n\"]))", 2))
	if out != "6\n" {
		t.Errorf("updates %s", out)
	}
}

func TestNamesAndParts(t *testing.T) {
	out := must(t, script(t, `
l = setNames(list(7, matrix(2, 1, 1)), list("a", "b" + 2))
print(as.scalar(l["a"]) + as.scalar(as.matrix(l["b2"])))
p = strsplit(" 64, 32,16", ",")
print(length(p) + " " + (as.integer(as.scalar(p[1])) + as.integer(as.scalar(p[3]))))
print(length(strsplit("abc", ",")))`, 1))
	if out != "9.0\n3 80\n1\n" {
		t.Errorf("output %q", out)
	}
	for _, c := range []struct{ call, want string }{
		{`setNames(list(1, 2), list("a"))`, "1 names for 2 elements"},
		{`setNames(list(1, 2), list("a", "a"))`, `name 2, "a", is empty or taken`},
		{`setNames(list(1), list(3))`, "name 1 is a int, not a string"},
	} {
		o := script(t, "l = "+c.call+"\nprint(l)", 1)
		if o.err == nil || !strings.Contains(o.err.Error(), c.want) {
			t.Errorf("%s: %v %v", c.call, o.err, messages(o.diags))
		}
	}
}

// A function that paramserv runs cannot start another one, least of all itself.
func TestParamservDoesNotNest(t *testing.T) {
	o := script(t, strings.Replace(meanFunctions, "  g = list(", "  inner = "+psCall("model=model", "features=features", "labels=labels")+`
  g = list(as.matrix(inner["m"]) - `, 1)+"P = "+psCall()+"\nprint(sum(as.matrix(P[1])))", 2)
	if o.err == nil || !strings.Contains(o.err.Error(), "paramserv cannot be called from a function that paramserv runs") {
		t.Errorf("error %v, diagnostics %v", o.err, messages(o.diags))
	}
}
