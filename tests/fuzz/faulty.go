package fuzz

import (
	"fmt"
	"strings"
)

// Faulty returns the program of a seed with one mistake in it. It must be refused, or
// fail when it is run.
func Faulty(seed uint64, o Options) string {
	w := newWriter(seed, o)
	w.functions()
	w.variables()
	for range 1 + w.IntN(4) {
		w.statement()
	}
	w.mistake()
	w.printAll()
	return w.b.String()
}

// mistake writes a statement that cannot be executed. What it computes is printed, so
// that it is not left out as useless.
func (w *writer) mistake() {
	m, d := w.someMatrix()
	i, s, b := w.pick(w.scope.ints...), w.pick(w.scope.strs...), w.pick(w.scope.bools...)
	f := w.funcs[w.IntN(len(w.funcs))]
	v := w.fresh("Q")
	sum := fmt.Sprintf("print(sum(%s))", v)
	big := itoa(maxSize + 1 + w.IntN(5))
	all := []string{
		"print(nothing" + w.opt.Suffix + ")",
		v + " = noSuchFunction(" + i + ")",
		v + " = " + b + " + 1",
		v + " = " + s + " * 2\nprint(" + v + ")",
		v + " = " + m + "[" + big + ", 1]\n" + sum,
		v + " = " + m + "[1, " + big + "]\n" + sum,
		v + " = " + m + "[0, 1]\n" + sum,
		v + " = cbind(" + m + ", matrix(1, " + itoa(d.r+1) + ", 1))\n" + sum,
		m + "[1, " + big + "] = 1",
		m + "[1, 1] = matrix(1, 2, 2)",
		v + " = " + f.name + "()\nprint(toString(" + v + "))",
		v + " = " + f.name + "(nope=1)",
		v + " = " + f.name + "(1, 2, 3, 4, 5)",
		"if (" + m + ") { print(1) }",
		"for (" + v + " in " + m + ":2) { print(1) }",
		v + " = as.scalar(cbind(" + m + ", " + m + "))\nprint(" + v + ")",
		v + " = list(1, 2)\nprint(as.scalar(" + v + "[5]))",
		v + " = list(a=1, b=2)\nprint(as.scalar(" + v + "[\"c\"]))",
		"stop(\"enough\")",
		"assert(" + i + " != " + i + ")",
		v + " = 1 +",
		v + " = (" + i,
		v + " = t(" + i + ")",
		"pi = 3",
		v + " = 1:3",
		v + " = " + b + " && " + b,
		v + " = $nothing",
		"parfor (" + v + " in 1:3) { " + i + " = " + i + " + 1 }",
		"[" + v + ", " + v + "b, " + v + "c, " + v + "d] = " + f.name + "(" + strings.Repeat("1, ", len(f.params)-1) + "1)",
		"print(\"%d\", 1.5)",
	}
	if d.r > 1 && d.c > 1 { // others may be stretched
		all = append(all,
			v+" = "+m+" %*% matrix(1, "+itoa(d.c+1)+", 2)\n"+sum,
			v+" = "+m+" + matrix(1, "+itoa(d.r+1)+", "+itoa(d.c+1)+")\n"+sum)
	}
	for _, l := range strings.Split(all[w.IntN(len(all))], "\n") {
		w.line("%s", l)
	}
}
