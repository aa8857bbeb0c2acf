package compiler

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// writer makes random programs over 2x2 matrices and scalars that cannot fail:
// assignments, copies, exchanges, indexed updates, branches, loops and calls, with
// every variable printed at the end.
type writer struct {
	*rand.Rand
	b     strings.Builder
	loops int
}

func (w *writer) pick(list ...string) string { return list[w.IntN(len(list))] }

func (w *writer) matrix(depth int) string {
	if depth == 0 || w.IntN(4) == 0 {
		return w.pick("A", "B", "C")
	}
	x, y := w.matrix(depth-1), w.matrix(depth-1)
	switch w.IntN(9) {
	case 0:
		return "t(" + x + ")"
	case 1:
		return fmt.Sprintf("((%s) %%*%% (%s)) / 8", x, y)
	case 2:
		return fmt.Sprintf("(%s) * %s", x, w.scalar(1))
	case 3:
		return fmt.Sprintf("min(%s, %s)", x, y)
	case 4:
		return fmt.Sprintf("f(%s)", x)
	case 5:
		return fmt.Sprintf("(%s) + %s * (%s)", x, w.scalar(0), y)
	}
	return fmt.Sprintf("(%s) %s (%s)", x, w.pick("+", "-", "*", ">", "<="), y)
}

func (w *writer) scalar(depth int) string {
	if depth == 0 || w.IntN(3) == 0 {
		return w.pick("s", "u", "0.5", "2", "3")
	}
	switch w.IntN(4) {
	case 0:
		return "sum(" + w.matrix(1) + ")"
	case 1:
		return "as.scalar(" + w.pick("A", "B", "C") + "[1,2])"
	}
	return fmt.Sprintf("(%s %s %s)", w.scalar(depth-1), w.pick("+", "-", "*"), w.scalar(depth-1))
}

func (w *writer) line(depth int, format string, args ...any) {
	w.b.WriteString(strings.Repeat("  ", depth) + fmt.Sprintf(format, args...) + "\n")
}

func (w *writer) statement(depth int) {
	m := func() string { return w.pick("A", "B", "C") }
	switch n := w.IntN(12); {
	case n < 3:
		w.line(depth, "%s = %s", m(), w.matrix(2))
	case n < 5:
		w.line(depth, "%s = %s", w.pick("s", "u"), w.scalar(2))
	case n == 5:
		w.line(depth, "%s = %s", m(), m())
	case n == 6:
		x, y := m(), m()
		w.line(depth, "T = %s; %s = %s; %s = T", x, x, y, y)
	case n == 7:
		w.line(depth, "%s[%d,%d] = %s", m(), 1+w.IntN(2), 1+w.IntN(2), w.scalar(1))
	case n == 8:
		w.line(depth, "%s[%d,] = %s[,%d] %%*%% matrix(1, 1, 1)", "R", 1, "Q", 1)
	case n == 9 && depth < 3:
		w.line(depth, "if (%s > %s) {", w.scalar(1), w.scalar(1))
		w.statements(depth + 1)
		w.line(depth, "} else {")
		w.statements(depth + 1)
		w.line(depth, "}")
	case n == 10 && depth < 3 && w.loops < 3:
		w.loops++
		w.line(depth, "for (i%d in 1:%d) {", w.loops, 1+w.IntN(3))
		w.statements(depth + 1)
		w.line(depth, "}")
	default:
		w.line(depth, "[%s, %s] = g(%s, %s)", m(), w.pick("s", "u"), m(), w.scalar(1))
	}
	// bound the values, so that differences are not drowned by infinities
	w.line(depth, "s = s / (1 + abs(s)); u = u / (1 + abs(u))")
}

func (w *writer) statements(depth int) {
	for range 1 + w.IntN(4) {
		w.statement(depth)
	}
}

const prelude = `f = function(matrix[double] X) return (matrix[double] Y) { X[1,1] = as.scalar(X[2,2]) / 2; Y = X }
g = function(matrix[double] X, double k) return (matrix[double] Y, double r) {
  if (k > 0) { Y = X - 0.25 } else { Y = X; Y[2,1] = 0.5 }
  r = min(Y)
}
A = matrix("1 -2 3 0.5", 2, 2); B = matrix(0, 2, 2); C = A; Q = matrix(1, 1, 1); R = Q; s = 1.5; u = -2
`

func program(seed uint64) string {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 0))}
	w.b.WriteString(prelude)
	for range 6 {
		w.statement(0)
	}
	for _, v := range []string{"A", "B", "C"} {
		w.line(0, "%s = %s / (1 + abs(%s)); print(toString(%s, decimal=5))", v, v, v, v)
	}
	w.line(0, `print(toString(as.matrix(s), decimal=5) + toString(as.matrix(u), decimal=5) + sum(R))`)
	return w.b.String()
}

// TestRandomPrograms runs random programs naively and optimised; they must print the same.
func TestRandomPrograms(t *testing.T) {
	n := uint64(120)
	if testing.Short() {
		n = 30
	}
	for seed := range n {
		text := program(seed)
		want := runScript(t, text, Options{Level: O0}, 1)
		if strings.Contains(want, "error") {
			t.Fatalf("seed %d: the program fails: %s\n%s", seed, want, text)
		}
		for level := O1; level <= O2; level++ {
			if got := runScript(t, text, Options{Level: level}, 1); got != want {
				t.Fatalf("seed %d, O%d prints\n%s\nbut O0\n%s\n%s", seed, level, got, want, text)
			}
		}
	}
}
