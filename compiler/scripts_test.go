package compiler

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gdml/compiler/physical"
	"gdml/compiler/rewrite"
	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/par"
	"gdml/runtime/pool"
)

// runScript compiles and runs a script and returns what a user sees: the output,
// then diagnostics and run-time errors.
func runScript(t *testing.T, text string, o Options, threads int) string {
	t.Helper()
	o.Check = true
	r, ds := Compile(t.Context(), Source{Name: "test.dml", Text: text}, o)
	var out bytes.Buffer
	rd := diag.Renderer{Set: r.Set}
	if err := rd.Write(&out, ds); err != nil {
		t.Fatal(err)
	}
	if r.Program == nil {
		return out.String()
	}
	p := pool.New(1 << 20)
	m := exec.New(r.Program, exec.Options{Out: &out, Workers: par.New(threads), Pool: p, Seeded: true, Seed: 42})
	if err := m.Run(t.Context()); err != nil {
		if err := rd.One(&out, Diagnose(r.Set, err)); err != nil {
			t.Fatal(err)
		}
	} else if n := p.Live(); n != 0 && o.Level > O0 {
		t.Errorf("%d bytes are live after the program", n)
	}
	m.Close()
	if n := p.Live(); n != 0 {
		t.Errorf("%d bytes are live after the machine was closed", n)
	}
	return out.String()
}

// scripts are whole programs with their output. They run in every configuration.
var programs = []struct{ name, text, want string }{
	{"scalars", `
a = 7 %/% 2; b = -7 %% 3; c = 2 ^ 3
print(a + " " + b + " " + c)
s = 0
if (a > 100) { s = 0.5 }
print(s)
print(s + 1)
print(TRUE & !FALSE)
print("%d %5.2f %s %b", 3, 1.005, "q", TRUE)`,
		"3 -1 8.0\n0\n1.0\nTRUE\n3  1.01 q true\n"},
	{"loops", `
s = ""
for (i in 1:0) s = s + i + ","
for (i in seq(10, 1, -4)) { s = s + i + " "; i = 100 }
print(s + i)
n = 27; steps = 0
while (n != 1) { if (n %% 2 == 0) { n = n %/% 2 } else { n = 3 * n + 1 }; steps = steps + 1 }
print(steps)`,
		"1,0,10 6 2 100\n111\n"},
	{"exchange", `
x = 1; y = 2; z = 3
for (i in 1:4) { t = x; x = y; y = z; z = t }
print(x + " " + y + " " + z)
A = matrix(1, 2, 2); B = matrix(2, 2, 2)
T = A; A = B; B = T
print(sum(A) + " " + sum(B))`,
		"2 3 1\n8.0 4.0\n"},
	{"copies", `
X = matrix(0, 2, 2); X[1,2] = 5; X[2,] = matrix(3, 1, 2)
Y = X
Y[1,1] = 9
X = X * 2
print(sum(X)); print(sum(Y))
f = function(matrix[double] A) return (matrix[double] B) { A[1,1] = 100; B = A }
Z = f(Y)
print(sum(Y)); print(sum(Z))`,
		"22.0\n20.0\n20.0\n111.0\n"},
	{"functions", `
g = function(int n) return (int r) { if (n <= 1) { r = 1 } else { r = n * g(n - 1) } }
h = function(int a, double b = 2.5) return (int c, string d) { c = a + 1; d = a + "/" + b }
print(g(5))
[x, y] = h(2.9)
print(x + " " + y)
[x, y] = h(b = 1, a = 4)
print(x + " " + y + " " + g(h(3)))`,
		"120\n3 2/2.5\n5 4/1.0 24\n"},
	{"lists", `
L = list(a=matrix(1, 1, 2), b=3)
L["b"] = 9
M = L
M["a"] = 7
print(as.scalar(L["b"]) + " " + sum(as.matrix(L["a"])) + " " + as.scalar(M["a"]))
N = list()
for (i in 1:3) { N = append(N, i * i) }
[N, e] = remove(N, 1)
print(length(N) + " " + as.scalar(e))
print(N)`,
		"9 2.0 7\n2 1\nList containing:\n[4, 9]\n"},
	{"regression", `
X = cbind(matrix(seq(1, 8), 8, 1), matrix(1, 8, 1))
y = X %*% matrix("3 -2", 2, 1)
w = matrix(0, 2, 1)
r = -(t(X) %*% y)
p = -r
rr = sum(r * r)
i = 0
while (i < 5 & rr > 1e-18) {
  q = t(X) %*% (X %*% p)
  alpha = rr / as.scalar(t(p) %*% q)
  w = w + alpha * p
  r = r + alpha * q
  old = rr
  rr = sum(r * r)
  p = -r + (rr / old) * p
  i = i + 1
}
print(toString(w, decimal=6))`,
		"3.000000\n-2.000000\n\n"},
	{"parfor", `
A = matrix(0, 50, 3)
S = matrix(1, 1, 1)
parfor (i in 1:50) {
  v = matrix(i, 1, 3)
  A[i,] = v * v
  S += as.matrix(i)
}
print(sum(A) + " " + as.scalar(S) + " " + i)
R = matrix(0, 20, 1)
parfor (i in 1:20) { R[i,1] = sum(rand(rows=2, cols=2)) }
Q = matrix(0, 20, 1)
for (i in 1:20) { Q[i,1] = sum(rand(rows=2, cols=2)) }
print(length(unique(rbind(R, Q))))`,
		"128775.0 1276.0 50\n40\n"},
	{"sparse", `
S = rand(rows=300, cols=200, sparsity=0.02, seed=7)
D = S + 0
v = seq(1, 200)
print(sum(abs(S %*% v - D %*% v)) < 1e-9)
print(sum(S != D) + " " + nrow(t(S)) + " " + sum(S[10:20,]) / sum(D[10:20,]))
S[1,1] = 5
print(as.scalar(S[1,1]) + as.scalar(S[1,1]))`,
		"TRUE\n0.0 200 1.0\n10.0\n"},
	{"growing", `
R = matrix(0, 0, 2)
for (i in 1:3) { R = rbind(R, matrix(i, 1, 2)) }
print(nrow(R) + "x" + ncol(R) + " " + sum(R))
X = matrix(seq(1, 4), 2, 2); v = matrix(10, 2, 1)
print(sum(X + v)); print(sum(X > 2)); print(sum(X * t(v)))`,
		"3x2 12.0\n50.0\n2.0\n100.0\n"},
	{"run-time error", `
f = function(matrix[double] A, int k) return (double s) {
  s = sum(A[k,])
}
X = rand(rows=3, cols=2, seed=1)
n = as.scalar(round(X[1,1])) + 7
print("before")
print(f(X, n))`,
		"before\ntest.dml:3:11: error[E0402]: row index "},
}

func TestPrograms(t *testing.T) {
	for _, p := range programs {
		for level := O0; level <= O2; level++ {
			for _, threads := range []int{1, 4} {
				t.Run(fmt.Sprintf("%s/O%d/%d", p.name, level, threads), func(t *testing.T) {
					got := runScript(t, p.text, Options{Level: level}, threads)
					if got != p.want && !(strings.Contains(p.want, "error") && strings.HasPrefix(got, p.want)) {
						t.Errorf("got\n%s\nwant\n%s", got, p.want)
					}
				})
			}
		}
	}
}

// Results must not depend on which rewrites are on.
func TestProgramsWithoutSomeRewrites(t *testing.T) {
	var names []string
	for _, r := range append(rewrite.Rules(), physical.Rules()...) {
		names = append(names, r.Name)
	}
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, p := range programs {
		var off []string
		for _, n := range names {
			if rng.IntN(2) == 0 {
				off = append(off, n)
			}
		}
		got := runScript(t, p.text, Options{Level: O2, Disable: off}, 2)
		if got != p.want && !(strings.Contains(p.want, "error") && strings.HasPrefix(got, p.want)) {
			t.Errorf("%s, without %v (seed %d): got\n%s\nwant\n%s", p.name, off, seed, got, p.want)
		}
	}
}
