package main

import (
	"context"
	"errors"

	"gdml/compiler"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/pool"
)

// benchScripts are whole programs: what an interpreter adds to the operations, fusion
// of operations, and algorithms.
var benchScripts = []struct{ op, text string }{
	{"scalarLoop", `
s = 0.0; i = 0
while (i < 1000000) { i = i + 1; s = s + i * 2.0 }
print(s)`},
	{"rowUpdates", `
X = matrix(0, 10000, 100)
r = matrix(1, 1, 100)
for (i in 1:10000) { X[i,] = r }
print(sum(X))`},
	{"reusedBuffer", `
A = rand(rows=2000, cols=1000, seed=1)
B = rand(rows=2000, cols=1000, seed=2)
for (i in 1:50) { C = A * B }
print(sum(C))`},
	{"products100MB", `
A = rand(rows=12500, cols=1000, seed=1)
B = rand(rows=12500, cols=1000, seed=2)
for (i in 1:50) { C = A * B }
print(sum(C))`},
	{"fusedSum", `
X = rand(rows=4000, cols=1000, seed=1)
Y = rand(rows=4000, cols=1000, seed=2)
Z = rand(rows=4000, cols=1000, seed=3)
print(sum((X * Y + Z) ^ 2))`},
	{"conjugateGradient", `
X = rand(rows=20000, cols=100, seed=1)
y = X %*% rand(rows=100, cols=1, seed=2)
w = matrix(0, 100, 1)
r = t(X) %*% y
p = r
norm = sum(r ^ 2)
for (i in 1:20) {
  q = t(X) %*% (X %*% p) + 0.001 * p
  a = norm / sum(p * q)
  w = w + a * p
  r = r - a * q
  old = norm
  norm = sum(r ^ 2)
  p = r + (norm / old) * p
}
print(sum(w))`},
	{"miniBatches", `
X = rand(rows=6400, cols=784, seed=1)
Y = rand(rows=6400, cols=10, seed=2)
W1 = rand(rows=784, cols=128, min=-0.05, max=0.05, seed=3)
W2 = rand(rows=128, cols=10, min=-0.1, max=0.1, seed=4)
for (k in 1:100) {
  A = X[((k - 1) * 64 + 1):(k * 64),]
  H = sigmoid(A %*% W1)
  E = H %*% W2 - Y[((k - 1) * 64 + 1):(k * 64),]
  G = (E %*% t(W2)) * H * (1 - H)
  W2 = W2 - 0.01 * (t(H) %*% E)
  W1 = W1 - 0.01 * (t(A) %*% G)
}
print(sum(W1) + sum(W2))`},
}

// scriptCases are the programs, compiled beforehand.
func scriptCases() []benchCase {
	var out []benchCase
	for _, s := range benchScripts {
		out = append(out, benchCase{op: s.op, make: func(c *matrix.Ctx) (func() error, error) {
			r, ds := compiler.Compile(context.Background(), compiler.Source{Name: s.op, Text: s.text}, compiler.Options{Level: compiler.O2})
			if ds.HasErrors() {
				return nil, errors.New(ds.All()[0].Msg)
			}
			memory := pool.Make(pool.Options{Keep: keepBytes})
			return func() error {
				m := exec.New(r.Program, exec.Options{Workers: c.Par, Pool: memory, Seeded: true})
				defer m.Close()
				return m.Run(context.Background())
			}, nil
		}})
	}
	return append(out, benchCase{op: "products100MBPeer", make: oneBuffer})
}

// oneBuffer is what the program products100MB is held against: the same operations
// called directly, with one buffer for all products.
func oneBuffer(c *matrix.Ctx) (func() error, error) {
	random := func(seed int64) (*matrix.Matrix, error) {
		return matrix.Rand(c, matrix.RandSpec{Rows: 12500, Cols: 1000, Max: 1, Sparsity: 1, Seed: seed})
	}
	return func() error {
		a, err := random(1)
		if err != nil {
			return err
		}
		defer a.Release()
		b, err := random(2)
		if err != nil {
			return err
		}
		defer b.Release()
		for i := range 50 {
			p, err := matrix.Binary(c, cell.Mul, a, b, matrix.ReuseNone)
			if err != nil {
				return err
			}
			if i == 49 {
				matrix.AggFull(c, matrix.Sum, p)
			}
			p.Release()
		}
		return nil
	}, nil
}
