package fuzz

import "strings"

// statement writes one statement. It leaves the types and sizes of variables alone, so
// that it may stand in any block.
func (w *writer) statement() {
	switch n := w.IntN(22); {
	case n < 3:
		w.assignScalar()
	case n < 7 && !w.inFunc:
		w.assignMatrix()
	case n < 9 && !w.inFunc:
		w.assignCells()
	case n == 9 && w.depth < 3:
		w.branch()
	case n == 10 && w.nest < 2:
		w.loop()
	case n == 11 && w.nest < 2:
		w.while()
	case n == 12 && !w.inFunc && w.nest == 0:
		w.parfor()
	case n == 13 && !w.inFunc:
		w.list()
	case n == 14 && !w.inFunc && (w.depth == 0 || !w.opt.Reference):
		w.results()
	case n == 15 && !w.inFunc && w.depth == 0:
		w.define()
	case n == 16:
		w.printf()
	case n == 17 && w.inFunc && len(w.scope.unsized) > 0:
		v := w.pick(w.scope.unsized...)
		w.line("%s = %s", v, w.unsized(2))
	case n == 18 && !w.inFunc && (w.nest == 0 || !w.opt.Reference):
		w.frame()
	default:
		w.print()
	}
}

// assignable picks a variable that may be assigned, or "".
func (w *writer) assignable(vs []string) string {
	var free []string
	for _, v := range vs {
		if !w.scope.fixed[v] {
			free = append(free, v)
		}
	}
	if len(free) == 0 {
		return ""
	}
	return w.pick(free...)
}

func (w *writer) assignScalar() {
	type typed struct {
		vars  []string
		value func(int) string
	}
	all := []typed{
		{w.scope.ints, func(d int) string { return "(" + w.int(d) + ") %% 1000" }},
		{w.scope.doubles, w.double}, {w.scope.bools, w.bool}, {w.scope.strs, w.str},
	}
	t := all[w.IntN(len(all))]
	if v := w.assignable(t.vars); v != "" {
		w.line("%s = %s", v, t.value(3))
	}
}

func (w *writer) assignMatrix() {
	v, d := w.someMatrix()
	switch {
	case w.chance(10) && w.nest > 0 && !w.opt.Reference:
		w.line("%s += %s", v, w.matrix(d, 2))
	case w.chance(15) && (w.nest == 0 || !w.opt.Reference):
		w.line("%s = %s", v, w.pick(w.scope.matrices[d]...)) // a copy, to be told from the original
	default:
		w.line("%s = %s", v, w.matrix(d, 3))
	}
}

// assignCells writes into a matrix.
func (w *writer) assignCells() {
	v, d := w.someMatrix()
	i, j := 1+w.IntN(d.r), 1+w.IntN(d.c)
	switch w.IntN(5) {
	case 0:
		w.line("%s[%d, ] = %s", v, i, w.matrix(dims{1, d.c}, 2))
	case 1:
		w.line("%s[, %d] = %s", v, j, w.matrix(dims{d.r, 1}, 2))
	case 2:
		w.line("%s[%d:%d, %d:%d] = %s", v, i, d.r, j, d.c, w.matrix(dims{d.r - i + 1, d.c - j + 1}, 2))
	case 3:
		w.line("%s[%s, %d] = %s", v, w.index(d.r), j, w.double(2))
	default:
		w.line("%s[%d, %d] = %s", v, i, j, w.double(2))
	}
}

// index returns an int expression with a value of 1..n.
func (w *writer) index(n int) string {
	w.plain++
	defer func() { w.plain-- }()
	return "(1 + abs(" + w.int(1) + ") %% " + itoa(n) + ")"
}

// block writes statements in braces.
func (w *writer) block(head string) {
	w.line("%s {", head)
	w.depth++
	for range 1 + w.IntN(3) {
		w.statement()
	}
	w.depth--
}

func (w *writer) branch() {
	w.block("if (" + w.bool(2) + ")")
	switch w.IntN(3) {
	case 0:
		w.line("}")
		return
	case 1:
		w.block("} else if (" + w.bool(1) + ")")
	}
	w.block("} else")
	w.line("}")
}

// loop writes a for loop over a range of its forms.
func (w *writer) loop() {
	v := w.fresh("k")
	from, to := w.IntN(4), w.IntN(4)
	head := "for (" + v + " in "
	switch w.IntN(4) {
	case 0:
		head += "seq(" + itoa(from) + ", " + itoa(to) + ", " + w.pick("1", "2", "-1") + ")"
	case 1:
		head += "seq(" + itoa(from) + ", " + itoa(to) + ")"
	case 2:
		head += w.index(3) + ":" + itoa(to)
	default:
		head += itoa(from) + ":" + itoa(to)
	}
	w.within(v, func() { w.block(head + ")") })
	w.line("}")
}

// within lets a loop variable be read, not written, while body is written.
func (w *writer) within(v string, body func()) {
	ints := w.scope.ints
	w.scope.ints = append(ints[:len(ints):len(ints)], v)
	w.scope.fixed[v] = true
	w.nest++
	body()
	w.nest--
	w.scope.ints = ints
}

func (w *writer) while() {
	v := w.fresh("k")
	w.line("%s = 0", v)
	cond := v + " < " + itoa(1+w.IntN(3))
	if w.chance(40) {
		w.plain++
		cond += " & " + w.bool(1)
		w.plain--
	}
	w.within(v, func() {
		w.block("while (" + cond + ")")
		w.line("  %s = %s + 1", v, v)
	})
	w.line("}")
}

// parfor fills the rows of a new matrix, with temporaries of its own.
func (w *writer) parfor() {
	d := dims{1 + w.IntN(4), 1 + w.IntN(3)}
	v, i, t := w.fresh("M"), w.fresh("p"), w.fresh("d")
	w.line("%s = matrix(%s, %d, %d)", v, w.pick("0", "1", "-0.5"), d.r, d.c)
	w.line("parfor (%s in 1:%d) {", i, d.r)
	w.depth++
	if !w.opt.Reference {
		w.plain++ // functions may print, in any order
		defer func() { w.plain-- }()
	}
	w.within(i, func() {
		w.line("%s = %s", t, w.double(2))
		doubles := w.scope.doubles
		w.scope.doubles = append(doubles[:len(doubles):len(doubles)], t)
		w.line("%s[%s, ] = %s", v, i, w.matrix(dims{1, d.c}, 2))
		w.scope.doubles = doubles
	})
	w.depth--
	w.line("}")
	w.line("print(toString(%s, decimal=10))", v)
}

// list puts values into a list and takes them out again.
func (w *writer) list() {
	l := w.fresh("L")
	m, d := w.someMatrix()
	i, x := w.pick(w.scope.ints...), w.pick(w.scope.doubles...)
	if w.chance(50) {
		w.line("%s = list(a=%s, b=%s, c=%s)", l, i, m, x)
		w.line(`%s = as.matrix(%s["b"])`, w.pick(w.scope.matrices[d]...), l)
		w.line(`print(as.double(as.scalar(%s["a"])) + as.double(as.scalar(%s["c"])))`, l, l) // the reference keeps some as strings
	} else {
		w.line("%s = list(%s, %s, %s)", l, i, m, x)
		w.line("%s = append(%s, %s)", l, l, w.pick(w.scope.strs...))
		w.line("%s[3] = %s", l, w.pick(w.scope.doubles...))
		w.line("print(length(%s) + \" \" + as.scalar(%s[4]))", l, l)
		w.line("print(as.scalar(%s[3]))", l)
	}
	if w.chance(30) {
		w.line("print(length(%s[1:2]))", l)
	}
}

// results calls the function with two results.
func (w *writer) results() {
	for _, f := range w.funcs {
		if !f.second {
			continue
		}
		m, d := w.someMatrix()
		x := w.assignable(w.scope.doubles)
		w.line("[%s, %s] = %s", m, x, w.call(f, d, 2))
	}
}

// define makes a new variable.
func (w *writer) define() {
	d := w.anyDims()
	v := w.fresh("M")
	w.line("%s = %s", v, w.matrix(d, 3))
	w.scope.matrices[d] = append(w.scope.matrices[d], v)
}

func (w *writer) print() {
	if w.inFunc && w.opt.Reference {
		w.assignScalar()
		return
	}
	switch w.IntN(4) {
	case 0:
		w.line("print(%s)", w.int(2))
	case 1:
		w.line("print(%s)", w.str(2))
	case 2:
		w.line("print(%s)", w.bool(2))
	default:
		w.line("print(%s)", w.double(2))
	}
}

func (w *writer) printf() {
	if len(w.scope.ints) == 0 || len(w.scope.doubles) == 0 || w.inFunc && w.opt.Reference {
		w.print()
		return
	}
	var forms, args []string
	for range 1 + w.IntN(3) {
		switch w.IntN(3) {
		case 0:
			forms, args = append(forms, w.pick("%d", "%5d", "%-4d|")), append(args, w.pick(w.scope.ints...))
		case 1:
			forms, args = append(forms, w.pick("%s", "%b")), append(args, w.bool(0))
		default:
			forms, args = append(forms, w.pick("%.3f", "%10.2f")), append(args, w.pick(w.scope.doubles...))
		}
	}
	w.line(`print("%s", %s)`, strings.Join(forms, " "), strings.Join(args, ", "))
}
