package tests

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gdml/compiler"
	"gdml/compiler/explain"
	"gdml/scripts"
)

// workload runs a script of scripts/workloads.
func workload(t *testing.T, name string, threads int, args ...string) string {
	t.Helper()
	text, err := scripts.Read("workloads/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return must(t, scriptIn(t, "..", "../scripts/workloads/"+name, text, threads, args...))
}

// tableRow returns the numbers of the last line of out that begins with the words of start.
func tableRow(t *testing.T, out, start string) []float64 {
	t.Helper()
	words := strings.Fields(start)
	var found []float64
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) <= len(words) || strings.Join(f[:len(words)], " ") != strings.Join(words, " ") {
			continue
		}
		found = nil
		for _, w := range f[len(words):] {
			v, err := strconv.ParseFloat(w, 64)
			if err != nil {
				v = math.NaN()
			}
			found = append(found, v)
		}
	}
	if found == nil {
		t.Fatalf("no row %q in\n%s", start, out)
	}
	return found
}

// within fails unless a and b are at most gap apart.
func within(t *testing.T, what string, a, b, gap float64) {
	t.Helper()
	if !(math.Abs(a-b) <= gap) {
		t.Errorf("%s: %g and %g are more than %g apart", what, a, b, gap)
	}
}

// Conjugate gradients reach the direct solution; gradient descent on a server comes close where columns are alike.
func TestWorkloadLinreg(t *testing.T) {
	for kind, gap := range map[string]float64{"dense": 1e-8, "sparse": 1e-8, "ill": 1e-5} {
		out := workload(t, "linreg.dml", 2, "KIND="+kind)
		for _, lambda := range []string{"0.0010", "0.1000", "1.0000", "10.0000"} {
			r := tableRow(t, out, lambda)
			if r[3] > gap {
				t.Errorf("%s, lambda %s: distance %g", kind, lambda, r[3])
			}
			if kind != "ill" && r[0] > 20 {
				t.Errorf("%s, lambda %s: %g iterations for 20 columns", kind, lambda, r[0])
			}
		}
		if e := number(t, out, "excess of the loss, relative ="); kind != "ill" && !(e > -1e-9 && e < 0.01) {
			t.Errorf("%s: excess loss %g", kind, e)
		}
	}
	for _, utype := range []string{"ASP", "SSP"} {
		if e := number(t, workload(t, "linreg.dml", 2, "UTYPE="+utype), "relative ="); !(e < 0.05) {
			t.Errorf("%s: excess loss %g", utype, e)
		}
	}
}

// An iteration passes over X without forming t(X) %*% X.
func TestWorkloadLinregPlan(t *testing.T) {
	text, err := scripts.Read("workloads/linreg.dml")
	if err != nil {
		t.Fatal(err)
	}
	res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "../scripts/workloads/linreg.dml", Text: text},
		compiler.Options{Level: compiler.O2, Dir: ".."})
	if ds.HasErrors() {
		t.Fatal(messages(ds.All()))
	}
	var plan strings.Builder
	if err := explain.Runtime(&plan, res.Program); err != nil {
		t.Fatal(err)
	}
	body := plan.String()[strings.Index(plan.String(), "::iteration"):]
	if i := strings.Index(body[2:], "::"); i > 0 {
		body = body[:i+2]
	}
	if !strings.Contains(body, "mmchain") || strings.Contains(body, "tsmm") {
		t.Errorf("plan of an iteration:\n%s", body)
	}
}

// The same numbers come from a file as from the generator.
func TestWorkloadLinregFromFiles(t *testing.T) {
	x, y := filepath.Join(t.TempDir(), "X.csv"), filepath.Join(t.TempDir(), "y.csv")
	must(t, script(t, `
source("generators/regression.dml") as regression
[X, y, w] = regression::make(300, 8, "dense", 1)
write(X, $X, format="csv")
write(y, $y, format="csv")`, 1, "X="+x, "y="+y))
	made := workload(t, "linreg.dml", 1, "ROWS=300", "COLS=8", "LAMBDA=0.5")
	read := workload(t, "linreg.dml", 1, "X="+x, "y="+y, "LAMBDA=0.5")
	within(t, "loss", number(t, read, "loss reached"), number(t, made, "loss reached"), 1e-12)
	if a, b := tableRow(t, made, "0.5000"), tableRow(t, read, "0.5000"); a[0] != b[0] || b[3] > 1e-8 {
		t.Errorf("rows %v and %v", a, b)
	}
}

// Factors never get worse, and are those of plain loops.
func TestWorkloadFactorize(t *testing.T) {
	out := workload(t, "factorize.dml", 2)
	for label, most := range map[string]float64{"largest rise of the objective =": 1e-9, "largest rise of the objective of counts =": 1e-9,
		"distance to row by row =": 1e-9, "distance of the objective =": 1e-12, "distance of the objective of counts =": 1e-12,
		"error of known cells =": 0.3} {
		if v := number(t, out, label); !(v <= most) {
			t.Errorf("%s %g", label, v)
		}
	}
}

// A synchronous round over two batches of 16 is a batch of 32; asynchronous steps end near the loop. The documents
// are spread over workers in another order than over the batches of the loop.
func TestWorkloadSVM(t *testing.T) {
	out := workload(t, "svm.dml", 2, "TRAIN=1500", "TEST=1500", "EPOCHS=8", "METHODS=loop,sync,async,SSP,HOGWILD")
	loop := tableRow(t, out, "loop 1 16 0.050 sum")
	for _, m := range []string{"sync", "async", "SSP", "HOGWILD"} {
		r := tableRow(t, out, m+" 2 16 0.050 sum")
		within(t, m+" accuracy", r[0], loop[0], 0.02)
		within(t, m+" hinge", r[2], loop[2], 0.02*loop[2])
		if r[5] < r[6] {
			t.Errorf("%s: the non-zeros of gradients take %g MB of %g", m, r[6], r[5])
		}
	}
	if loop[0] < 0.75 || loop[1] < 0.85 {
		t.Errorf("test and training accuracy %v", loop[:2])
	}
	// With sums the size of a batch hardly matters; with means large batches learn less.
	sums := workload(t, "svm.dml", 1, "TRAIN=1500", "TEST=1500", "EPOCHS=8", "METHODS=loop", "BATCH=1,16", "STEP=0.05")
	means := workload(t, "svm.dml", 1, "TRAIN=1500", "TEST=1500", "EPOCHS=8", "METHODS=loop", "BATCH=1,16", "STEP=0.05", "REDUCE=mean")
	within(t, "batches of 1 and 16, sums", tableRow(t, sums, "loop 1 1 0.050 sum")[2], tableRow(t, sums, "loop 1 16 0.050 sum")[2], 0.01)
	if a, b := tableRow(t, means, "loop 1 1 0.050 mean")[2], tableRow(t, means, "loop 1 16 0.050 mean")[2]; b < a+0.05 {
		t.Errorf("batches of 1 and 16, means: hinge %g and %g", a, b)
	}
}

// The rows of a round of sync-mean count as one batch; asynchronous steps and sums lose nothing against one worker.
func TestWorkloadSoftmax(t *testing.T) {
	out := workload(t, "mnist_softmax.dml", 2, "TRAIN=3000", "TEST=3000", "LR=0.05", "UTYPES=ASP,SSP,SBP", "HIDDEN=64")
	for _, b := range []string{"10", "20", "50"} {
		line := out[strings.Index(out, "batch "+b+": "):]
		line = line[:strings.Index(line, "\n")]
		within(t, "batch "+b+", async", number(t, line, "async - single ="), 0, 0.025)
		within(t, "batch "+b+", sync-mean", number(t, line, "times the batch ="), 0, 0.005)
		within(t, "batch "+b+", sync-sum", number(t, line, "sync-sum - single ="), 0, 0.025)
	}
	single, mean, sum := tableRow(t, out, "single 1 20"), tableRow(t, out, "sync-mean 3 20"), tableRow(t, out, "sync-sum 3 20")
	if mean[0] > single[0]-0.02 || sum[0] < mean[0]+0.02 {
		t.Errorf("accuracies: single %g, three workers %g with means, %g with sums", single[0], mean[0], sum[0])
	}
	if single[2] != 600 || single[3] != 75.4 { // 600 batches of 2 * 7850 * 8 bytes
		t.Errorf("pushes and megabytes %v", single[2:])
	}
	if h := number(t, out, "with 64 hidden units ="); h < single[0]+0.04 {
		t.Errorf("accuracy %g of a network, %g of softmax regression", h, single[0])
	}
	within(t, "SSP", tableRow(t, out, "SSP 3 20")[0], single[0], 0.03)
}

// A worker alone trains LeNet as the loop does, with the same masks; the network beats a linear classifier.
func TestWorkloadLeNet(t *testing.T) {
	args := []string{"EPOCHS=2", "SOFTMAX=0"}
	loop := workload(t, "lenet.dml", 1, append(args, "LAYERS=1")...)
	if d := number(t, loop, "difference to the network ="); d != 0 {
		t.Errorf("the layers one by one differ from the network by %g", d)
	}
	for _, layer := range []string{"conv 1", "pool 2", "affine 3", "softmax"} {
		if r := tableRow(t, loop, layer); !(r[0] > 0 && r[1] > 0) {
			t.Errorf("%s: times %v", layer, r)
		}
	}
	server := workload(t, "lenet.dml", 1, append(args, "METHOD=PARAMSERV", "WORKERS=1", "SCHEME=DISJOINT_CONTIGUOUS")...)
	if a, b := tableRow(t, loop, "2"), tableRow(t, server, "2"); a[1] != b[1] || a[2] != b[2] {
		t.Errorf("validation %v in a loop, %v on a server", a, b)
	}
	if testing.Short() {
		return
	}
	out := workload(t, "lenet.dml", 2, "METHOD=PARAMSERV", "WORKERS=2", "SIDE=20", "TRAIN=800", "VAL=50", "TEST=500", "EPOCHS=5", "LR=0.03",
		"BATCH=16", "SOFTMAX=30")
	cnn, linear := number(t, out, "accuracy of LeNet ="), number(t, out, "accuracy of softmax regression =")
	if cnn < linear+0.03 || cnn < 0.6 {
		t.Errorf("accuracy of LeNet %g, of softmax regression %g", cnn, linear)
	}
}

// The small network learns a batch by heart; every setting is timed.
func TestWorkloadAlexNet(t *testing.T) {
	out := workload(t, "alexnet.dml", 2, "OVERFIT=100", "ROUNDS=1")
	if l := number(t, out, "loss of one batch of 32 in step 100 ="); !(l < 0.1) {
		t.Errorf("loss %g", l)
	}
	if n := number(t, out, "network, tiny:"); n != 120514 {
		t.Errorf("%g parameters", n)
	}
	for _, setting := range []string{"8 1", "8 2", "16 1", "16 2"} {
		if r := tableRow(t, out, setting); !(r[0] > 0 && r[1] > 0 && r[2] > 2.8) {
			t.Errorf("%s: %v", setting, r)
		}
	}
}

// The full network has the parameters of its model, 62.4 million.
func TestAlexNetSizes(t *testing.T) {
	text, err := scripts.Read("workloads/alexnet.dml")
	if err != nil {
		t.Fatal(err)
	}
	text = text[:strings.Index(text, "size = ifdef(")]
	out := must(t, script(t, text+`
for (s in 1:3) {
  size = "full"
  if (s == 2) size = "half"
  if (s == 3) size = "tiny"
  net = settings(size)
  L = convolutions(net)
  n = sum(L[, 2] * (L[, 1] * L[, 4]^2 + 1))
  w = 4096 / number(net, "divisor")
  n = n + (as.scalar(L[5, 2]) * as.scalar(L[5, 8])^2 + 1) * w + (w + 1) * w + (w + 1) * number(net, "classes")
  print(size + " " + n + " last " + as.scalar(L[5, 8]))
}`, 1))
	if out != "full 6.2378344E7 last 6.0\nhalf 2578760.0 last 2.0\ntiny 120514.0 last 3.0\n" {
		t.Errorf("got %q", out)
	}
}

// The data have the moments that are promised, and depend on their seeds alone.
func TestGenerators(t *testing.T) {
	out := must(t, script(t, `
source("generators/mnist_like.dml") as mnist_like
source("generators/rcv1_like.dml") as rcv1_like
source("generators/strokes.dml") as strokes
source("generators/ratings.dml") as ratings
[X, Y] = mnist_like::make(2000, 7, 1)
print("nonzero " + mean(X != 0))
print("mean " + mean(X))
print("sd " + sqrt(mean(X^2) - mean(X)^2))
print("classes " + min(colSums(Y)) + " of " + ncol(Y))
[X2, Y2] = mnist_like::make(2000, 7, 1)
[X3, Y3] = mnist_like::make(2000, 7, 2)
print("repeats " + sum(X != X2) + " differs " + (sum(X != X3) > 1000))
[D, y] = rcv1_like::make(1500, 47236, 3)
print("words " + sum(D != 0) / nrow(D))
print("longest " + max(rowSums(D != 0)))
print("frequent " + max(colSums(D != 0)) / nrow(D))
print("positive " + mean(y > 0))
print("length " + max(abs(rowSums(D^2) - 1)))
[S, T] = strokes::make(200, 28, 10, 5, 1)
print("strokes " + min(S) + " " + max(S) + " " + min(colSums(T)) + " " + max(colSums(T)))
R = ratings::make(200, 150, 5, 0.1, 1)
print("ratings " + sum(R != 0) / length(R) + " " + max(R) + " " + min(R + 9 * (R == 0)))
C = ratings::counts(200, 150, 5, 0.1, 1)
print("counts " + sum(C != round(C)) + " " + (sum(C > 0) > 2500))`, 2))
	for label, want := range map[string][2]float64{"nonzero ": {0.15, 0.21}, "mean ": {0.08, 0.14}, "sd ": {0.23, 0.32}, "classes ": {140, 200},
		"repeats ": {0, 0}, "words ": {70, 82}, "longest ": {280, 700}, "frequent ": {0.15, 0.25}, "positive ": {0.43, 0.51},
		"length ": {0, 1e-12}, "ratings ": {0.09, 0.11}, "counts ": {0, 0}} {
		if v := number(t, out, label); v < want[0] || v > want[1] {
			t.Errorf("%s is %g", label, v)
		}
	}
	for _, line := range []string{" of 10\n", "differs TRUE", "strokes 0.0 1.0 20.0 20.0\n", " 5.0 1.0\n", "counts 0.0 TRUE"} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
}

// realData is a folder with real data sets beside the repository. It need not exist.
const realData = "../../shared/data"

// Runs on real data, in the long mode: GDML_LONG=1 go test -run TestWorkloadsOnRealData -timeout 1h ./tests
func TestWorkloadsOnRealData(t *testing.T) {
	if os.Getenv("GDML_LONG") == "" {
		t.Skip("GDML_LONG is not set")
	}
	if _, err := os.Stat(realData); err != nil {
		t.Skip("no folder of real data sets")
	}
	digits := []string{"IMAGES=" + realData + "/mnist10k/images-idx3-ubyte.gz", "LABELS=" + realData + "/mnist10k/labels-idx1-ubyte.gz", "TEST=0"}
	t.Run("softmax", func(t *testing.T) {
		out := workload(t, "mnist_softmax.dml", 2, append(digits, "TRAIN=8000", "LR=0.1", "EPOCHS=5", "BATCHES=20,100")...)
		if a := tableRow(t, out, "single 1 20")[0]; a < 0.88 {
			t.Errorf("accuracy %g", a)
		}
		for _, b := range []string{"20", "100"} {
			line := out[strings.Index(out, "batch "+b+": "):]
			line = line[:strings.Index(line, "\n")]
			within(t, "batch "+b+", async", number(t, line, "async - single ="), 0, 0.025)
			within(t, "batch "+b+", sync-mean", number(t, line, "times the batch ="), 0, 0.01)
		}
	})
	t.Run("svm", func(t *testing.T) {
		out := workload(t, "svm.dml", 2, "X="+realData+"/rcv1_train1000.libsvm.gz", "XTEST="+realData+"/rcv1_test500.libsvm.gz", "WORDS=47236",
			"EPOCHS=15")
		for _, row := range []string{"loop 1", "sync 2", "async 2"} {
			if a := tableRow(t, out, row+" 16 0.050 sum")[0]; a < 0.85 {
				t.Errorf("%s: accuracy %g", row, a)
			}
		}
	})
	t.Run("lenet", func(t *testing.T) {
		out := workload(t, "lenet.dml", 2, append(digits, "TRAIN=4000", "VAL=200", "EPOCHS=3", "METHOD=PARAMSERV", "WORKERS=2", "SOFTMAX=0",
			"F1=16", "F2=32", "UNITS=128")...)
		if a := number(t, out, "accuracy of LeNet ="); a < 0.95 {
			t.Errorf("accuracy %g", a)
		}
	})
}
