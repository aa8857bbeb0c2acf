package fuzz

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Options adjust programs.
type Options struct {
	Suffix string // of all names, so that several programs can be joined to one script

	// Reference leaves out what Apache SystemDS 3.3 gets wrong: functions that print, whose
	// output may move; x += e behind an assignment to x; [a, b] = f() in branches, whose
	// constant results leak out of them; A = B in loops, where writing to A then changes B; rand
	// in expressions, as operators are moved into it; aggregates of 1x1 matrices, which may
	// come out as TRUE; outer, which may come out as a cellwise operation; calls of sigmoid, a
	// function there, in comparisons and functions; functions with constant results.
	Reference bool
}

// Program returns the program of a seed, which ends by printing everything it computed.
func Program(seed uint64, o Options) string {
	w := newWriter(seed, o)
	w.functions()
	w.variables()
	for range 4 + w.IntN(8) {
		w.statement()
	}
	w.printAll()
	return w.b.String()
}

// dims is the size of a matrix.
type dims struct{ r, c int }

// scope holds the variables that may be read, by type. ints that a loop counts with are
// in it but are not assigned to.
type scope struct {
	ints, doubles, bools, strs []string
	matrices                   map[dims][]string
	unsized                    []string // matrices of one size that is not known: parameters
	fixed                      map[string]bool
}

// writer writes one program.
type writer struct {
	*rand.Rand
	b      strings.Builder
	opt    Options
	depth  int // of blocks
	names  int // made so far
	scope  scope
	funcs  []function
	inFunc bool
	nest   int // of loops: bounds the work of a run
	plain  int // >0 where the reference takes no calls of functions: subscripts, conditions of while
}

// function is a function that the program may call.
type function struct {
	name   string
	params []param
	double bool // gives a double, else a matrix of the size of its first argument
	second bool // gives a double as second result
	flow   bool // has control flow: then the reference lets arguments with defaults be left out
}

type param struct {
	name, typ, def string
}

func newWriter(seed uint64, o Options) *writer {
	return &writer{
		Rand: rand.New(rand.NewPCG(seed, 20)), opt: o,
		scope: scope{matrices: map[dims][]string{}, fixed: map[string]bool{}},
	}
}

func (w *writer) pick(list ...string) string { return list[w.IntN(len(list))] }

func (w *writer) chance(percent int) bool { return w.IntN(100) < percent }

// fresh makes a name.
func (w *writer) fresh(prefix string) string {
	w.names++
	return fmt.Sprintf("%s%d%s", prefix, w.names, w.opt.Suffix)
}

func (w *writer) line(format string, args ...any) {
	w.b.WriteString(strings.Repeat("  ", w.depth) + fmt.Sprintf(format, args...) + "\n")
}

// variables makes some of each type.
func (w *writer) variables() {
	for range 2 {
		v := w.fresh("i")
		w.line("%s = %s", v, w.intLiteral())
		w.scope.ints = append(w.scope.ints, v)
		v = w.fresh("d")
		w.line("%s = %s", v, w.doubleLiteral())
		w.scope.doubles = append(w.scope.doubles, v)
	}
	v := w.fresh("b")
	w.line("%s = %s", v, w.pick("TRUE", "FALSE"))
	w.scope.bools = append(w.scope.bools, v)
	v = w.fresh("s")
	w.line("%s = %s", v, w.strLiteral())
	w.scope.strs = append(w.scope.strs, v)
	twice := w.anyDims()
	for _, d := range []dims{twice, twice, w.anyDims(), {twice.c, twice.r}} {
		v := w.fresh("M")
		w.line("%s = %s", v, w.startMatrix(d))
		w.scope.matrices[d] = append(w.scope.matrices[d], v)
	}
	if w.opt.Reference {
		w.line("while (FALSE) {}") // else it moves a following -, + or * into rand
	}
}

func (w *writer) anyDims() dims {
	d := dims{1 + w.IntN(4), 1 + w.IntN(4)}
	if d.r*d.c == 1 && w.opt.Reference {
		d.r = 2
	}
	return d
}

// sizes lists the sizes of which there are matrices, in a fixed order.
func (w *writer) sizes() []dims {
	var ds []dims
	for r := 1; r <= maxSize; r++ {
		for c := 1; c <= maxSize; c++ {
			if len(w.scope.matrices[dims{r, c}]) > 0 {
				ds = append(ds, dims{r, c})
			}
		}
	}
	return ds
}

// maxSize bounds rows and columns.
const maxSize = 8

// someMatrix picks a matrix variable.
func (w *writer) someMatrix() (string, dims) {
	ds := w.sizes()
	d := ds[w.IntN(len(ds))]
	return w.pick(w.scope.matrices[d]...), d
}

// printAll shows every variable.
func (w *writer) printAll() {
	for _, vs := range [][]string{w.scope.ints, w.scope.doubles, w.scope.bools, w.scope.strs} {
		for _, v := range vs {
			w.line("print(%s)", v)
		}
	}
	for _, d := range w.sizes() {
		for _, v := range w.scope.matrices[d] {
			w.line("print(toString(%s, decimal=10))", v)
		}
	}
}

// functions defines functions of each shape.
func (w *writer) functions() {
	for _, f := range []function{
		{params: []param{{"a", "int", ""}, {"b", "double", "2.5"}}, double: true},
		{params: []param{{"X", "matrix[double]", ""}, {"k", "double", ""}}},
		{params: []param{{"X", "matrix[double]", ""}, {"n", "int", "2"}, {"on", "boolean", "TRUE"}}, second: true},
	} {
		f.name = w.fresh("f")
		start := w.b.Len()
		w.function(f)
		f.flow = strings.Contains(w.b.String()[start:], "{\n    ")
		w.funcs = append(w.funcs, f)
	}
}

func (w *writer) function(f function) {
	outer := w.scope
	w.scope = scope{matrices: map[dims][]string{}, fixed: map[string]bool{}}
	w.inFunc = true
	var ps []string
	for _, p := range f.params {
		s := p.typ + " " + p.name
		if p.def != "" {
			s += " = " + p.def
		}
		ps = append(ps, s)
		switch p.typ {
		case "int":
			w.scope.ints = append(w.scope.ints, p.name)
		case "double":
			w.scope.doubles = append(w.scope.doubles, p.name)
		case "boolean":
			w.scope.bools = append(w.scope.bools, p.name)
		default:
			w.scope.unsized = append(w.scope.unsized, p.name)
		}
	}
	res := "matrix[double] Y"
	switch {
	case f.double:
		res = "double r"
	case f.second:
		res += ", double r"
	}
	w.line("%s = function(%s) return (%s) {", f.name, strings.Join(ps, ", "), res)
	w.depth++
	for range w.IntN(3) {
		w.statement()
	}
	if !f.double {
		w.line("Y = %s", w.unsized(2))
	}
	r := w.double(2)
	if w.opt.Reference { // never constant
		r = map[bool]string{true: "a", false: "sum(X)"}[f.double] + " / 4 + " + r
	}
	if f.double || f.second {
		w.line("r = %s", r)
	}
	w.depth--
	w.line("}")
	w.scope, w.inFunc = outer, false
}

// call returns a call of f with a first argument that fits d.
func (w *writer) call(f function, d dims, depth int) string {
	named := w.chance(40)
	var args []string
	for _, p := range f.params {
		if p.def != "" && named && f.flow && w.chance(50) {
			continue
		}
		var a string
		switch p.typ {
		case "int":
			a = w.int(depth)
		case "double":
			a = w.double(depth)
		case "boolean":
			a = w.bool(depth)
		default:
			a = w.matrix(d, depth)
		}
		if named {
			a = p.name + "=" + a
		}
		args = append(args, a)
	}
	return f.name + "(" + strings.Join(args, ", ") + ")"
}
