package tests

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/scripts"
)

// example runs a script of scripts/examples with the digits as X.
func example(t *testing.T, name string, args ...string) outcome {
	t.Helper()
	text, err := scripts.Read("examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return scriptIn(t, "..", "../scripts/examples/"+name, text, 2, append([]string{"X=../scripts/data/digits.csv.gz"}, args...)...)
}

// The first command of the README.
func TestExampleAutoencoder(t *testing.T) {
	for _, method := range []string{"DEFAULTSERVER", "PARAMSERV"} {
		dir := t.TempDir()
		w1, last, hidden := filepath.Join(dir, "out", "W1.csv"), filepath.Join(dir, "out", "Wlast.csv"), filepath.Join(dir, "out", "hidden.csv")
		out := must(t, example(t, "autoencoder.dml", "LABEL_COL=65", "H1=16", "H2=8", "H3=4", "EPOCH=5", "BATCH=32", "STEP=0.05",
			"MOMENTUM=0.5", "METHOD="+method, "WORKERS=4", "UTYPE=BSP", "SEED=42", "W1_out="+w1, "Wlast_out="+last, "hidden_out="+hidden))
		if !strings.HasPrefix(out, "autoencoder 64-16-8-4-8-16-64 on 1797 rows, "+method+"\n") {
			t.Errorf("output begins %.80q", out)
		}
		before, after := number(t, out, "WRAPPER FULL OBJ BEFORE TRAIN ="), number(t, out, "WRAPPER FULL OBJ AFTER TRAIN  =")
		if start := number(t, out[:strings.Index(out, "EPOCHS=1 ")], "OBJ (FULL DATA):"); start != before {
			t.Errorf("%s: training starts at %g, not at %g", method, start, before)
		}
		previous := before
		for e := 1; e <= 5; e++ {
			line := out[strings.Index(out, fmt.Sprintf("\nEPOCHS=%d iter=", e)):]
			obj := number(t, line[:strings.Index(line[1:], "\n")+1], "OBJ (FULL DATA)=")
			if obj >= previous {
				t.Errorf("%s: the objective of epoch %d is %g after %g", method, e, obj, previous)
			}
			previous = obj
		}
		if after >= 0.95*before || after > previous*(1+1e-9) {
			t.Errorf("%s: objective %g before, %g after", method, before, after)
		}
		for file, dims := range map[string][2]int{w1: {16, 64}, last: {64, 16}, hidden: {1797, 4}} {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(string(data)), "\n")
			if len(lines) != dims[0] || strings.Count(lines[0], ",")+1 != dims[1] {
				t.Errorf("%s holds %d lines of %d cells", filepath.Base(file), len(lines), strings.Count(lines[0], ",")+1)
			}
			if !strings.Contains(out, "written to "+file) {
				t.Errorf("the output does not say where %s is", file)
			}
		}
	}
}

// K is the number of workers that a round waits for: with all of them SBP is BSP, with fewer it is not.
func TestExampleAutoencoderWaitsForK(t *testing.T) {
	after := func(args ...string) float64 {
		t.Helper()
		out := must(t, example(t, "autoencoder.dml", append([]string{"LABEL_COL=65", "H1=8", "EPOCH=2", "BATCH=32", "STEP=0.05", "METHOD=PARAMSERV",
			"WORKERS=4", "SEED=42"}, args...)...))
		return number(t, out, "WRAPPER FULL OBJ AFTER TRAIN  =")
	}
	bsp := after("UTYPE=BSP")
	if got := after("UTYPE=SBP", "K=4"); got != bsp {
		t.Errorf("waiting for all four workers ends at %g, BSP at %g", got, bsp)
	}
	if got := after("UTYPE=SBP", "K=1"); got == bsp {
		t.Errorf("waiting for one of four workers ends at %g like BSP", got)
	}
}

// A run that ended too early goes on from its checkpoint and ends where one without an interruption does; staleness counts
// under SSP alone.
func TestExampleAutoencoderResumes(t *testing.T) {
	run := func(args ...string) outcome {
		t.Helper()
		return example(t, "autoencoder.dml", append([]string{"LABEL_COL=65", "H1=8", "EPOCH=4", "BATCH=64", "STEP=0.05", "METHOD=PARAMSERV", "WORKERS=2", "SEED=7"}, args...)...)
	}
	after := func(o outcome) float64 {
		t.Helper()
		return number(t, must(t, o), "WRAPPER FULL OBJ AFTER TRAIN  =")
	}
	want := after(run())
	dir := t.TempDir()
	kept := []string{"CHECKPOINTING=EPOCH", "CHECKPOINT_DIR=" + dir, "RESUME=TRUE"}
	if got := after(run(kept...)); got != want {
		t.Errorf("with checkpoints it ends at %g, without at %g", got, want)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.ckpt"))
	if err != nil || len(files) != 2 {
		t.Fatalf("checkpoints %v, %v", files, err)
	}
	if err := os.Remove(files[1]); err != nil {
		t.Fatal(err)
	}
	if got := after(run(kept...)); got != want {
		t.Errorf("resumed after the third epoch it ends at %g, not %g", got, want)
	}
	if got := after(run("UTYPE=SSP", "STALENESS=0", "SUMGRAD=TRUE")); math.IsNaN(got) {
		t.Errorf("SSP ends at %g", got)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"RESUME=TRUE"}, "resume=TRUE needs checkpointing"},
		{[]string{"CHECKPOINTING=EPOCH"}, "checkpointing needs checkpoint_dir"},
		{append(kept, "SEED=-1"), "a run that is to be resumed needs a seed"},
		{append(kept, "METHOD=DEFAULTSERVER"), "checkpointing is for the methods PARAMSERV"},
		{[]string{"STALENESS=-1"}, "staleness must not be negative"},
	} {
		if o := run(c.args...); o.err == nil || !strings.Contains(o.err.Error(), c.want) {
			t.Errorf("%v: %v %v", c.args, o.err, messages(o.diags))
		}
	}
}

// The documented long command line runs but for what is not offered, which is said clearly.
func TestExampleAutoencoderRefuses(t *testing.T) {
	common := []string{"LABEL_COL=65", "H1=16", "EPOCH=1", "METHOD=PARAMSERVER", "MODE=LOCAL", "WORKERS=4", "NBATCHES=0", "FREQ=EPOCH"}
	cases := []struct {
		args []string
		want string
	}{
		{[]string{"UTYPE=BSP", "K=3"}, "K is the number of workers that UTYPE=SBP waits for: leave it out with UTYPE=BSP"},
		{[]string{"UTYPE=SBP", "WORKERS=2", "K=5"}, "num_backup_workers must be at least 0, not -3"},
		{[]string{"UTYPE=SBP", "WORKERS=1"}, "num_backup_workers must be less than the number of workers: 1 of 1"},
		{[]string{"UTYPE=NSP"}, `unknown utype "NSP": it is one of BSP, ASP`},
		{[]string{"MODE=REMOTE_SPARK"}, `unknown mode "REMOTE_SPARK"`},
		{[]string{"LABEL_COL=66"}, "LABEL_COL=66 is not a column of X, which has 65"},
		{[]string{"H1=0"}, "pass the sizes of the hidden layers"},
	}
	for _, c := range cases {
		args := common
		for _, a := range c.args {
			args = withoutKey(args, a)
		}
		o := example(t, "autoencoder.dml", append(args, c.args...)...)
		if o.err == nil || !strings.Contains(o.err.Error(), c.want) {
			t.Errorf("%v: %v %v", c.args, o.err, messages(o.diags))
		}
	}
	must(t, example(t, "autoencoder.dml", append(common, "UTYPE=SBP", "K=2", "STEP=1e-4")...))
	must(t, example(t, "autoencoder.dml", append(withoutKey(common, "H1="), "HIDDEN=9,7,5,3", "UTYPE=ASP", "MODELAVG=TRUE", "SCHEME=DISJOINT_RANDOM", "DECAY=1.0", "MOMENTUM=0.0", "STEP=1e-4", "FULL_OBJ=FALSE")...))
}

func TestExampleSoftmax(t *testing.T) {
	dir := t.TempDir()
	out := must(t, example(t, "softmax.dml", "EPOCHS=6", "W_out="+filepath.Join(dir, "W.csv")))
	if a := number(t, out, "training accuracy"); a < 0.95 {
		t.Errorf("training accuracy %g", a)
	}
	if a := number(t, out, "epoch 6: test loss"); a > 0.3 {
		t.Errorf("test loss %g", a)
	}
}

// Conjugate gradients end where the direct solution is.
func TestExampleLinreg(t *testing.T) {
	dir := t.TempDir()
	w := filepath.Join(dir, "w.csv")
	out := must(t, example(t, "linreg_cg.dml", "Y_COL=65", "lambda=0.5", "tol=1e-12", "maxi=400", "B_out="+w))
	if strings.Contains(out, "before the target was reached") {
		t.Errorf("no convergence:\n%s", out)
	}
	check := must(t, script(t, `
D = read($X)
X = D[, 1:64]; y = D[, 65]
w = read($w)
b = solve(t(X) %*% X + diag(matrix(0.5, 64, 1)), t(X) %*% y)
print("distance " + (max(abs(w - b)) / max(abs(b))))`, 2, "X=../scripts/data/digits.csv.gz", "w="+w))
	if d := number(t, check, "distance"); d > 1e-8 {
		t.Errorf("distance to the direct solution %g", d)
	}
}

// The gradient check runs on real data.
func TestExampleGradcheck(t *testing.T) {
	out := must(t, example(t, "autoencoder_gradcheck.dml", "LABEL_COL=65", "ROWS=100", "H1=8", "H2=4", "LAYER=2", "R=1", "C=3", "SEED=1"))
	if e := number(t, out, "rel_err  ="); e > 1e-5 {
		t.Errorf("relative error %g", e)
	}
}

// The data are what their description says.
func TestDigits(t *testing.T) {
	out := must(t, script(t, `D = read($X)
print(nrow(D) + " " + ncol(D) + " " + min(D) + " " + max(D[,1:64]) + " " + max(D[,65]) + " " + sum(D == round(D)))`, 1, "X=../scripts/data/digits.csv.gz"))
	if out != "1797 65 0.0 16.0 9.0 116805.0\n" {
		t.Errorf("got %q", out)
	}
}
