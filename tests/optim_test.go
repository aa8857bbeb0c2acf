package tests

import (
	"fmt"
	"math"
	"testing"
)

// The slope of x^2/2 - 3x + cos(2x), whose minimum the optimizers look for.
const slopeDML = `slope = function(matrix[double] x) return (matrix[double] g) { g = x - 3 - 2 * sin(2 * x) }
`

func slope(x float64) float64 { return x - 3 - 2*math.Sin(2*x) }

// optimizers lists every optimizer with 50 steps of it in DML, from x, and the same steps written out for one number.
var optimizers = []struct {
	name, dml string
	steps     func(x float64) float64
}{
	{"sgd", `for (t in 1:50) x = o::update(x, slope(x), 0.1)`, func(x float64) float64 {
		for range 50 {
			x -= 0.1 * slope(x)
		}
		return x
	}},
	{"sgd_momentum", `v = o::init(x)
for (t in 1:50) [x, v] = o::update(x, slope(x), 0.1, 0.9, v)`, func(x float64) float64 {
		v := 0.0
		for range 50 {
			v = 0.9*v - 0.1*slope(x)
			x += v
		}
		return x
	}},
	{"sgd_nesterov", `v = o::init(x)
for (t in 1:50) [x, v] = o::update(x, slope(x), 0.05, 0.9, v)`, func(y float64) float64 {
		// The textbook form: the slope is taken ahead, at x + mu v; what is returned is that point.
		x, v := y, 0.0
		for range 50 {
			v = 0.9*v - 0.05*slope(x+0.9*v)
			x += v
		}
		return x + 0.9*v
	}},
	{"adagrad", `c = o::init(x)
for (t in 1:50) [x, c] = o::update(x, slope(x), 0.5, 1e-8, c)`, func(x float64) float64 {
		c := 0.0
		for range 50 {
			g := slope(x)
			c += g * g
			x -= 0.5 * g / (math.Sqrt(c) + 1e-8)
		}
		return x
	}},
	{"rmsprop", `c = o::init(x)
for (t in 1:50) [x, c] = o::update(x, slope(x), 0.05, 0.95, 1e-8, c)`, func(x float64) float64 {
		c := 0.0
		for range 50 {
			g := slope(x)
			c = 0.95*c + 0.05*g*g
			x -= 0.05 * g / (math.Sqrt(c) + 1e-8)
		}
		return x
	}},
	{"adam", `[m, v] = o::init(x)
for (t in 1:50) [x, m, v] = o::update(x, slope(x), 0.1, 0.9, 0.999, 1e-8, t - 1, m, v)`, func(x float64) float64 {
		m, v := 0.0, 0.0
		for t := 1.0; t <= 50; t++ {
			g := slope(x)
			m = 0.9*m + 0.1*g
			v = 0.999*v + 0.001*g*g
			x -= 0.1 * math.Sqrt(1-math.Pow(0.999, t)) / (1 - math.Pow(0.9, t)) * m / (math.Sqrt(v) + 1e-8)
		}
		return x
	}},
	{"adamw", `[m, v] = o::init(x)
for (t in 1:50) [x, m, v] = o::update(x, slope(x), 0.1, 0.9, 0.999, 1e-8, 0.01, t - 1, m, v)`, func(x float64) float64 {
		m, v := 0.0, 0.0
		for t := 1.0; t <= 50; t++ {
			g := slope(x)
			m = 0.9*m + 0.1*g
			v = 0.999*v + 0.001*g*g
			mh, vh := m/(1-math.Pow(0.9, t)), v/(1-math.Pow(0.999, t))
			x -= 0.1 * (mh/(math.Sqrt(vh)+1e-8) + 0.01*x)
		}
		return x
	}},
	{"amsgrad", `[m, v, w] = o::init(x)
for (t in 1:50) [x, m, v, w] = o::update(x, slope(x), 0.1, 0.9, 0.9, 1e-8, t - 1, m, v, w)`, func(x float64) float64 {
		m, v, w := 0.0, 0.0, 0.0
		for t := 1.0; t <= 50; t++ {
			g := slope(x)
			m = 0.9*m + 0.1*g
			v = 0.9*v + 0.1*g*g
			w = max(w, v)
			x -= 0.1 * math.Sqrt(1-math.Pow(0.9, t)) / (1 - math.Pow(0.9, t)) * m / (math.Sqrt(w) + 1e-8)
		}
		return x
	}},
}

// Fifty steps from three starts are those of the written-out rule.
func TestOptimizers(t *testing.T) {
	for _, o := range optimizers {
		out := must(t, script(t, fmt.Sprintf("source(\"nn/optim/%s.dml\") as o\n%s"+`
x = matrix("-2 0.5 7", 3, 1)
%s
for (i in 1:3) print("x" + i + " " + toString(x[i,], decimal=17))`, o.name, slopeDML, o.dml), 1))
		for i, start := range []float64{-2, 0.5, 7} {
			want := o.steps(start)
			if got := number(t, out, fmt.Sprintf("x%d ", i+1)); math.Abs(got-want) > 1e-12*math.Max(1, math.Abs(want)) || got == start {
				t.Errorf("%s from %g ends at %.17g, want %.17g", o.name, start, got, want)
			}
		}
	}
}

const leastSquares = `
source("nn/optim/agg.dml") as agg
source("nn/optim/sgd_momentum.dml") as momentum
source("nn/optim/sgd_nesterov.dml") as nesterov
source("nn/optim/adagrad.dml") as adagrad
source("nn/optim/rmsprop.dml") as rmsprop
source("nn/optim/adam.dml") as adam
source("nn/optim/amsgrad.dml") as amsgrad
grad = function(list[unknown] model, matrix[double] features, matrix[double] labels) return (list[unknown] g) {
  e = features %*% as.matrix(model["w"]) + as.matrix(model["b"]) - labels
  g = list(t(features) %*% e, colSums(e))
}
X = rand(rows=70, cols=4, min=-1, max=1, seed=5)
y = X %*% matrix("1 -2 3 0.5", 4, 1) + 0.7
params = list(w = matrix(0, 4, 1), b = matrix(0, 1, 1))
h = list(lr=0.03, mu=0.9, decay_rate=0.95, beta1=0.9, beta2=0.99, epsilon=1e-8, reduce="mean")
`

// The agg functions on one worker are loops over the batches with the update functions, the last batch being short.
func TestOptimizersOnAServer(t *testing.T) {
	cases := []struct{ name, state, update string }{
		{"sgd", "", "P = P - 0.03 * G"},
		{"momentum", "S = momentum::init(P)", "[P, S] = momentum::update(P, G, 0.03, 0.9, S)"},
		{"nesterov", "S = nesterov::init(P)", "[P, S] = nesterov::update(P, G, 0.03, 0.9, S)"},
		{"adagrad", "S = adagrad::init(P)", "[P, S] = adagrad::update(P, G, 0.03, 1e-8, S)"},
		{"rmsprop", "S = rmsprop::init(P)", "[P, S] = rmsprop::update(P, G, 0.03, 0.95, 1e-8, S)"},
		{"adam", "[S, V] = adam::init(P)", "[P, S, V] = adam::update(P, G, 0.03, 0.9, 0.99, 1e-8, n, S, V)"},
		{"amsgrad", "[S, V, U] = amsgrad::init(P)", "[P, S, V, U] = amsgrad::update(P, G, 0.03, 0.9, 0.99, 1e-8, n, S, V, U)"},
	}
	for _, c := range cases {
		for _, utype := range []string{"BSP", "ASP"} {
			// The loop keeps weights and bias in one matrix.
			out := must(t, script(t, leastSquares+fmt.Sprintf(`
M = paramserv(model=agg::start(params, "%s"), features=X, labels=y, upd="grad", agg="agg::%[1]s", utype="%s", freq="BATCH",
  epochs=4, batchsize=16, k=1, hyperparams=h)
P = matrix(0, 5, 1)
%s
n = 0
for (e in 1:4) {
  for (i in 1:5) {
    Z = X[((i-1)*16+1):min(70, i*16), ]
    z = y[((i-1)*16+1):min(70, i*16), ]
    err = Z %%*%% P[1:4,] + P[5,] - z
    G = rbind(t(Z) %%*%% err, t(colSums(err))) / nrow(Z)
    %s
    n = n + 1
  }
}
print("distance " + max(abs(rbind(as.matrix(M["w"]), as.matrix(M["b"])) - P)))
print("moved " + max(abs(P)))`, c.name, utype, c.state, c.update), 1))
			if d := number(t, out, "distance"); d > 1e-12 {
				t.Errorf("%s %s: distance %g", c.name, utype, d)
			}
			if m := number(t, out, "moved"); m < 0.05 {
				t.Errorf("%s %s moves by %g only", c.name, utype, m)
			}
		}
	}
}

// With reduce="mean" two workers make the step of the joint batch; with "sum" the step is twice as long on full batches.
func TestReduce(t *testing.T) {
	out := must(t, script(t, leastSquares+`
A = paramserv(model=agg::start(params, "adam"), features=X[1:64,], labels=y[1:64,], upd="grad", agg="agg::adam", utype="BSP", freq="BATCH",
  epochs=3, batchsize=16, k=2, scheme="DISJOINT_ROUND_ROBIN", hyperparams=h)
B = paramserv(model=agg::start(params, "adam"), features=X[1:64,], labels=y[1:64,], upd="grad", agg="agg::adam", utype="BSP", freq="BATCH",
  epochs=3, batchsize=32, k=1, hyperparams=h)
print("mean " + max(abs(as.matrix(A["w"]) - as.matrix(B["w"]))))
h2 = list(lr=0.03, reduce="sum")
C = paramserv(model=params, features=X[1:64,], labels=y[1:64,], upd="grad", agg="agg::sgd", utype="BSP", freq="BATCH",
  epochs=3, batchsize=16, k=2, scheme="DISJOINT_ROUND_ROBIN", hyperparams=h2)
h3 = list(lr=0.06, reduce="mean")
D = paramserv(model=params, features=X[1:64,], labels=y[1:64,], upd="grad", agg="agg::sgd", utype="BSP", freq="BATCH",
  epochs=3, batchsize=32, k=1, hyperparams=h3)
print("sum " + max(abs(as.matrix(C["w"]) - as.matrix(D["w"]))))`, 2))
	for _, label := range []string{"mean ", "sum "} {
		if d := number(t, out, label); d > 1e-12 {
			t.Errorf("%s: distance %g", label, d)
		}
	}
	o := script(t, leastSquares+`M = agg::start(params, "adamax")`, 1)
	if o.err == nil {
		t.Error("an unknown optimizer is accepted")
	}
}
