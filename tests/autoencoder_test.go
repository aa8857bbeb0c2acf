package tests

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// autoencoderPrelude gives scripts a distance between models and short calls.
const autoencoderPrelude = `
source("builtin/autoencoder.dml") as ae
dist = function(list[unknown] A, list[unknown] B) return (double d) {
  d = 0.0
  for (i in 1:length(A)) {
    d = max(d, max(abs(as.matrix(A[i]) - as.matrix(B[i]))) / max(1e-300, max(abs(as.matrix(B[i])))))
  }
}
`

// A step of zero leaves the model as it was, bit for bit, in every mode.
func TestAutoencoderNoOp(t *testing.T) {
	out := must(t, script(t, autoencoderPrelude+`
X = rand(rows=50, cols=6, seed=1)
start = ae::ae_init(ae::ae_sizes(6, list(4, 2)), 5)
worst = 0.0
runs = 0
`+eachMode(`
[M, H, hist] = autoencoder(X=X, hidden_layers=list(4, 2), max_epochs=2, batch_size=8, step=0, mu=0, seed=5, full_obj=TRUE, %s)
worst = max(worst, dist(M, start))
worst = max(worst, abs(as.scalar(hist[1, 2]) - as.scalar(hist[nrow(hist), 2])))
runs = runs + 1
`)+`
print("worst " + worst)
print("runs " + runs)`, 2))
	if d := number(t, out, "worst"); d != 0 {
		t.Errorf("a step of zero changes the model by %g", d)
	}
	if n := number(t, out, "runs"); n != 57 {
		t.Errorf("%v runs", n)
	}
}

// eachMode repeats a script with the arguments of every way to train.
func eachMode(text string) string {
	var b strings.Builder
	fmt.Fprintf(&b, text, `method="DEFAULTSERVER"`)
	for _, utype := range []string{"BSP", "ASP"} {
		for _, freq := range []string{"BATCH", "NBATCHES", "EPOCH"} {
			for _, scheme := range []string{"DISJOINT_CONTIGUOUS", "DISJOINT_ROUND_ROBIN", "DISJOINT_RANDOM", "OVERLAP_RESHUFFLE"} {
				for _, avg := range []string{"TRUE", "FALSE"} {
					fmt.Fprintf(&b, text, fmt.Sprintf(`method="PARAMSERV", k=3, utype="%s", freq="%s", nbatches=2, scheme="%s", modelAvg=%s`, utype, freq, scheme, avg))
				}
			}
		}
	}
	for _, more := range []string{`utype="SBP"`, `utype="SBP", num_backup_workers=0`, `utype="SSP"`, `utype="EASGD"`} {
		for _, freq := range []string{"BATCH", "EPOCH"} {
			fmt.Fprintf(&b, text, fmt.Sprintf(`method="PARAMSERV", k=3, freq="%s", %s`, freq, more))
		}
	}
	return b.String()
}

// Every layer starts within sqrt(6 / (inputs + outputs)), the last one too, and fills that range; biases are 0.
func TestAutoencoderStart(t *testing.T) {
	out := must(t, script(t, `
source("builtin/autoencoder.dml") as ae
M = ae::ae_init(list(40, 30, 5, 30, 40), 3)
sizes = list(40, 30, 5, 30, 40)
for (l in 1:4) {
  W = as.matrix(M["W" + l])
  limit = sqrt(6 / (as.scalar(sizes[l]) + as.scalar(sizes[l + 1])))
  print("layer " + l + " " + max(abs(W)) / limit + " " + mean(W) / limit + " " + sum(abs(as.matrix(M["b" + l]))) + " " + ncol(W) + "x" + nrow(W))
}`, 1))
	for l, dims := range []string{"40x30", "30x5", "5x30", "30x40"} {
		r := tableRow(t, out, fmt.Sprintf("layer %d", l+1))
		if r[0] > 1 || r[0] < 0.95 || math.Abs(r[1]) > 0.1 || r[2] != 0 || !strings.Contains(out, dims) {
			t.Errorf("layer %d: largest weight %g and mean %g of the limit, biases %g; %s", l+1, r[0], r[1], r[2], dims)
		}
	}
}

// Eight rows are learned by heart, from every seed.
func TestAutoencoderOverfitsFewRows(t *testing.T) {
	for seed := 1; seed <= 8; seed++ {
		out := must(t, script(t, `
X = rand(rows=8, cols=6, seed=$seed)
[M, H, hist] = autoencoder(X=X, hidden_layers=list(8), max_epochs=3000, batch_size=8, step=0.1, decay=1, mu=0.9,
  seed=$seed, activation="tanh", out_activation="linear")
print("ratio " + (as.scalar(hist[nrow(hist), 2]) / as.scalar(hist[1, 2])))`, 1, fmt.Sprintf("seed=%d", seed)))
		if r := number(t, out, "ratio"); !(r <= 1e-6) {
			t.Errorf("seed %d: objective after/before %g", seed, r)
		}
	}
}

// One worker that pushes after every batch is the loop.
func TestAutoencoderOneWorkerIsTheLoop(t *testing.T) {
	for _, utype := range []string{"BSP", "ASP"} {
		out := must(t, script(t, autoencoderPrelude+`
X = rand(rows=70, cols=9, seed=2)
[A, HA, hA] = autoencoder(X=X, hidden_layers=list(6, 3), max_epochs=5, batch_size=16, step=0.2, decay=0.9, mu=0.9, seed=4)
[B, HB, hB] = autoencoder(X=X, hidden_layers=list(6, 3), max_epochs=5, batch_size=16, step=0.2, decay=0.9, mu=0.9, seed=4,
  method="PARAMSERVER", utype=$utype, freq="BATCH", k=1, scheme="DISJOINT_CONTIGUOUS")
print("distance " + dist(B, A))
print("codes " + max(abs(HA - HB)))
print("objective " + (as.scalar(hA[6, 2]) / as.scalar(hA[1, 2])))`, 2, "utype="+utype))
		if d := number(t, out, "distance"); d > 1e-12 {
			t.Errorf("%s: distance %g", utype, d)
		}
		if d := number(t, out, "codes"); d > 1e-12 {
			t.Errorf("%s: codes differ by %g", utype, d)
		}
		if r := number(t, out, "objective"); r > 0.95 {
			t.Errorf("%s: training changes the objective by %g only", utype, r)
		}
	}
}

// Pushing sums of an epoch is the loop without momentum, and is not with it.
func TestAutoencoderEpochPushes(t *testing.T) {
	for _, mu := range []float64{0, 0.9} {
		out := must(t, script(t, autoencoderPrelude+`
X = rand(rows=64, cols=9, seed=2)
[A, HA, hA] = autoencoder(X=X, hidden_layers=list(6, 3), max_epochs=4, batch_size=16, step=0.1, decay=1, mu=$mu, seed=4, sumgrad=TRUE)
[B, HB, hB] = autoencoder(X=X, hidden_layers=list(6, 3), max_epochs=4, batch_size=16, step=0.1, decay=1, mu=$mu, seed=4, sumgrad=TRUE,
  method="PARAMSERV", utype="BSP", freq="EPOCH", k=1, scheme="DISJOINT_CONTIGUOUS")
print("distance " + dist(B[1:8], A[1:8]))`, 2, fmt.Sprintf("mu=%g", mu)))
		d := number(t, out, "distance")
		if mu == 0 && d > 1e-10 {
			t.Errorf("without momentum the distance is %g", d)
		}
		if mu > 0 && d < 1e-6 {
			t.Errorf("with momentum the distance is %g only", d)
		}
	}
}

// Averaging the models of W workers is a step divided by W on the sum of gradients,
// and the same step on their mean.
func TestAutoencoderAveraging(t *testing.T) {
	out := must(t, script(t, autoencoderPrelude+`
X = rand(rows=96, cols=9, seed=2)
common = 0
[A, HA, hA] = autoencoder(X=X, hidden_layers=list(5), max_epochs=4, batch_size=8, step=0.2, decay=0.9, mu=0.9, seed=4, sumgrad=TRUE,
  method="PARAMSERV", freq="BATCH", k=4, modelAvg=TRUE)
[B, HB, hB] = autoencoder(X=X, hidden_layers=list(5), max_epochs=4, batch_size=8, step=0.05, decay=0.9, mu=0.9, seed=4, sumgrad=TRUE,
  method="PARAMSERV", freq="BATCH", k=4)
[C, HC, hC] = autoencoder(X=X, hidden_layers=list(5), max_epochs=4, batch_size=8, step=0.2, decay=0.9, mu=0.9, seed=4,
  method="PARAMSERV", freq="BATCH", k=4)
print("sum " + dist(B, A))
print("mean " + dist(C, A))`, 2))
	for _, label := range []string{"sum", "mean"} {
		if d := number(t, out, label); d > 1e-12 {
			t.Errorf("%s: distance %g", label, d)
		}
	}
}

// Partial batches and unequal parts: every row counts once per epoch, in every scheme and frequency.
func TestAutoencoderCountsRows(t *testing.T) {
	out := must(t, script(t, `
grad = function(list[unknown] model, matrix[double] features, matrix[double] labels) return (list[unknown] g) {
  g = list(as.matrix(sum(features)), as.matrix(nrow(features)), as.matrix(max(abs(features[,1] - labels))))
}
add = function(list[unknown] model, list[unknown] gradients) return (list[unknown] m) {
  m = list(s = as.matrix(model["s"]) + as.matrix(gradients[1]), n = as.matrix(model["n"]) + as.matrix(gradients[2]),
           e = as.matrix(model["e"]) + as.matrix(gradients[3]))
}
zero = list(s = as.matrix(0), n = as.matrix(0), e = as.matrix(0))
bad = 0
runs = 0
for (setting in 1:2) {
  n = 130; W = 3; B = 32
  if (setting == 2) { n = 10; W = 4; B = 2 }
  X = cbind(seq(1, n), matrix(1, n, 1))
  for (scheme in 1:3) {
    s = "DISJOINT_CONTIGUOUS"
    if (scheme == 2) s = "DISJOINT_ROUND_ROBIN"
    if (scheme == 3) s = "DISJOINT_RANDOM"
    for (f in 1:3) {
      freq = "BATCH"
      if (f == 2) freq = "NBATCHES"
      if (f == 3) freq = "EPOCH"
      for (u in 1:2) {
        utype = "BSP"
        if (u == 2) utype = "ASP"
        M = paramserv(model=zero, features=X, labels=X[,1], upd="grad", agg="add", utype=utype, freq=freq, nbatches=2,
          epochs=3, batchsize=B, k=W, scheme=s)
        runs = runs + 1
        if (as.scalar(as.matrix(M["n"])) != 3 * n | as.scalar(as.matrix(M["s"])) != 3 * sum(X) | as.scalar(as.matrix(M["e"])) != 0) {
          bad = bad + 1
          print(n + " " + s + " " + freq + " " + utype + ": " + as.scalar(as.matrix(M["n"])))
        }
      }
    }
  }
}
print("bad " + bad)
print("runs " + runs)`, 2))
	if number(t, out, "bad") != 0 || number(t, out, "runs") != 36 {
		t.Error(out)
	}
}

// The codes of a row are those of the saved model applied to it, in the order of the input.
func TestAutoencoderKeepsTheOrderOfRows(t *testing.T) {
	out := must(t, script(t, autoencoderPrelude+`
X = rand(rows=40, cols=7, seed=2)
[M, H, hist] = autoencoder(X=X, hidden_layers=list(5, 3), max_epochs=3, batch_size=16, step=0.1, seed=4)
Z = ae::ae_standardize(X)
worst = 0.0
for (i in 1:nrow(Z)) {
  h = tanh(Z[i,] %*% t(as.matrix(M["W1"])) + t(as.matrix(M["b1"])))
  h = tanh(h %*% t(as.matrix(M["W2"])) + t(as.matrix(M["b2"])))
  worst = max(worst, max(abs(h - H[i,])))
}
print("worst " + worst)`, 2))
	if d := number(t, out, "worst"); d > 1e-12 {
		t.Errorf("codes are off by %g", d)
	}
}

// A barrier mode gives the same bits for any number of threads.
func TestAutoencoderIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const text = `
X = rand(rows=60, cols=8, seed=2)
[M, H, hist] = autoencoder(X=X, hidden_layers=list(5, 3), max_epochs=3, batch_size=8, step=0.1, seed=4,
  method="PARAMSERV", k=3, utype="BSP", freq="NBATCHES", nbatches=2)
print(toString(as.matrix(M["W1"]), decimal=40))
print(toString(H, decimal=40))`
	want := must(t, script(t, text, 1))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		for range 2 {
			if got := must(t, script(t, text, procs)); got != want {
				t.Errorf("another result with %d threads", procs)
			}
		}
	}
}

// Any number of layers, any activation; diverging runs say so.
func TestAutoencoderSettings(t *testing.T) {
	out := must(t, script(t, `
X = rand(rows=64, cols=8, seed=2)
for (act in 1:4) {
  a = "tanh"
  if (act == 2) a = "sigmoid"
  if (act == 3) a = "relu"
  if (act == 4) a = "linear"
  [M, H, hist] = autoencoder(X=X, hidden_layers=list(6, 3), max_epochs=20, batch_size=16, step=0.02, decay=1, seed=4, activation=a, out_activation="linear")
  print(a + " ratio " + (as.scalar(hist[21, 2]) / as.scalar(hist[1, 2])))
}
[M, H, hist] = autoencoder(X=X, hidden_layers=list(6), max_epochs=40, batch_size=16, step=50, seed=4, activation="linear")
`, 1))
	for _, a := range []string{"tanh", "sigmoid", "relu", "linear"} {
		if r := number(t, out, a+" ratio"); !(r < 0.98) {
			t.Errorf("%s: ratio %g", a, r)
		}
	}
	if !strings.Contains(out, "AUTOENCODER DIVERGED") {
		t.Errorf("divergence is not reported:\n%s", out)
	}
}

func TestAutoencoderMistakes(t *testing.T) {
	cases := []struct{ args, want string }{
		{`hidden_layers=list()`, "hidden_layers is empty"},
		{`hidden_layers=list(3), method="SERVER"`, "method is DEFAULTSERVER, PARAMSERV or PARAMSERVER, not SERVER"},
		{`hidden_layers=list(3), activation="swish"`, "not swish"},
		{`hidden_layers=list(3, 0)`, "hidden layer 2 has 0 units"},
		{`hidden_layers=list(3), batch_size=0`, "batch_size must be at least 1"},
		{`hidden_layers=list(3), W_init=list(matrix(0, 2, 2), matrix(0, 5, 3))`, "W_init[1] is 2x2, not 3x5"},
		{`hidden_layers=list(3), method="PARAMSERV", utype="NSP"`, `unknown utype "NSP": it is one of BSP, ASP`},
		{`hidden_layers=list(3), method="PARAMSERV", utype="SBP"`, "num_backup_workers must be less than the number of workers: 1 of 1"},
		{`hidden_layers=list(3), method="PARAMSERV", utype="HOGWILD", batch_size=4`, `utype="HOGWILD" cannot use this agg`},
	}
	for _, c := range cases {
		o := script(t, "X = rand(rows=9, cols=5, seed=1)\n[M, H, h] = autoencoder(X=X, max_epochs=1, "+c.args+")\nprint(sum(H))", 1)
		if o.err == nil || !strings.Contains(o.err.Error(), c.want) {
			t.Errorf("%s: error %v %v, want %q", c.args, o.err, o.diags, c.want)
		}
	}
}

// The dimensions of weights and codes for the documented settings.
func TestAutoencoderOutputs(t *testing.T) {
	cases := []struct{ name, hidden, args string }{
		{"ThreeLayer", "16, 8, 4", ""},
		{"TwoLayer", "16, 8", ""},
		{"SingleLayer", "16", ""},
		{"SparseInput", "32, 16, 8", "sparse"},
		{"Paramserv", "16, 8, 4", `, method="PARAMSERVER", utype="BSP", freq="BATCH", k=1`},
		{"ParamservTwoWorkers", "24, 12, 6", `, method="PARAMSERV", utype="BSP", freq="BATCH", k=2`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			args, density := c.args, "0.9"
			if args == "sparse" {
				args, density = "", "0.2"
			}
			out := must(t, script(t, `
X = rand(rows=128, cols=64, seed=42, sparsity=`+density+`)
[M, H, hist] = autoencoder(X=X, hidden_layers=list(`+c.hidden+`), max_epochs=2, batch_size=32, step=1e-4, seed=42`+args+`)
L = length(M) / 4
last = as.matrix(M["W" + as.integer(L)])
print("dims " + nrow(as.matrix(M["W1"])) + " " + ncol(as.matrix(M["W1"])) + " " + nrow(last) + " " + ncol(last) + " " + nrow(H) + " " + ncol(H))
print("falls " + (as.scalar(hist[1, 2]) - as.scalar(hist[3, 2])))`, 2))
			sizes := strings.Split(c.hidden, ", ")
			want := fmt.Sprintf("dims %s 64 64 %s 128 %s\n", sizes[0], sizes[0], sizes[len(sizes)-1])
			if !strings.HasPrefix(out, want) {
				t.Errorf("got %s, want %s", out, want)
			}
			if d := number(t, out, "falls"); !(d > 0) || math.IsInf(d, 0) {
				t.Errorf("the objective falls by %g", d)
			}
		})
	}
}

// A run whose objective is no number says so, and no other run does.
func TestAutoencoderReportsDivergence(t *testing.T) {
	out := must(t, script(t, `
X = rand(rows=20, cols=5, seed=2)
R = rand(rows=200, cols=4, seed=77)
broken = 0
for (i in 1:200) {
  act = "tanh"
  if (as.scalar(R[i, 1]) > 0.5) act = "relu"
  if (as.scalar(R[i, 1]) > 0.75) act = "linear"
  method = "DEFAULTSERVER"
  if (as.scalar(R[i, 2]) > 0.5) method = "PARAMSERV"
  step = 10^(-4 + 6 * as.scalar(R[i, 3]))
  [M, H, hist] = autoencoder(X=X, hidden_layers=list(4), max_epochs=8, batch_size=6, step=step, mu=as.scalar(R[i, 4]), seed=i, activation=act, method=method, k=2)
  after = as.scalar(hist[9, 2])
  if (is.nan(after) | is.infinite(after)) broken = broken + 1
}
print("broken " + broken)`, 2))
	broken := number(t, out, "broken")
	if said := strings.Count(out, "AUTOENCODER DIVERGED"); float64(said) != broken || broken < 5 || broken > 150 {
		t.Errorf("%v of 200 runs diverge, %d say so", broken, said)
	}
}
