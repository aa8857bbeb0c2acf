package fuzz

import (
	"fmt"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

func (w *writer) intLiteral() string { return itoa(w.IntN(12) - 3) }

func (w *writer) doubleLiteral() string {
	return w.pick("0.5", "-1.25", "3.0", "2.", ".75", "1e-2", "-4.5", "1e3", "0.1", itoa(w.IntN(9))+".0")
}

func (w *writer) strLiteral() string {
	return w.pick(`"a"`, `'b'`, `"x y"`, `""`, `"7"`, `"tab\tq"`, `"TRUE"`)
}

// leaf reports whether an expression of the given depth is to have no operands.
func (w *writer) leaf(depth int) bool { return depth <= 0 || w.chance(25) }

// int writes an expression of type int whose value stays small.
func (w *writer) int(depth int) string {
	if w.leaf(depth) {
		if len(w.scope.ints) > 0 && w.chance(60) {
			return w.pick(w.scope.ints...)
		}
		return w.intLiteral()
	}
	x := w.int(depth - 1)
	switch w.IntN(10) {
	case 0:
		return "abs(" + x + ")"
	case 1:
		return w.pick("min", "max") + "(" + x + ", " + w.int(depth-1) + ")"
	case 2:
		return "as.integer(" + w.double(depth-1) + " / 1000)"
	case 3:
		return w.size()
	case 4:
		return "(" + x + ") %/% " + w.pick("2", "3", "-4")
	case 5:
		return "(" + x + ") %% " + w.pick("5", "7", "-3")
	case 6:
		return "(" + x + ") * " + itoa(1+w.IntN(3))
	case 7:
		return "-(" + x + ")"
	}
	return "(" + x + ") " + w.pick("+", "-") + " (" + w.int(depth-1) + ")"
}

// size writes the size of a matrix.
func (w *writer) size() string {
	f := w.pick("nrow", "ncol", "length")
	if len(w.scope.unsized) > 0 {
		return f + "(" + w.pick(w.scope.unsized...) + ")"
	}
	if len(w.sizes()) == 0 {
		return w.intLiteral()
	}
	m, _ := w.someMatrix()
	return f + "(" + m + ")"
}

// double writes an expression of type double.
func (w *writer) double(depth int) string {
	if w.leaf(depth) {
		if len(w.scope.doubles) > 0 && w.chance(60) {
			return w.pick(w.scope.doubles...)
		}
		return w.doubleLiteral()
	}
	x := w.double(depth - 1)
	switch w.IntN(13) {
	case 0:
		return "sqrt(abs(" + x + "))"
	case 1:
		return "exp(min(" + x + ", 3.0))"
	case 2:
		if w.plain == 0 && w.chance(10) && !(w.inFunc && w.opt.Reference) {
			return "sigmoid(" + x + ")"
		}
		return w.pick("round", "floor", "ceil", "sign", "abs", "sin", "cos", "tanh") + "(" + x + ")"
	case 3, 4:
		return w.aggregate(depth - 1)
	case 5:
		return w.cell(depth - 1)
	case 6:
		return "(" + x + ") / (1.5 + abs(" + w.double(depth-1) + "))"
	case 7:
		return w.pick("min", "max") + "(" + x + ", " + w.number(depth-1) + ")"
	case 8:
		return "as.double(" + w.int(depth-1) + ")"
	case 9:
		if len(w.funcs) > 0 && w.plain == 0 {
			return w.call(w.funcs[0], dims{}, depth-1)
		}
	case 10:
		return "(" + x + ")^" + w.pick("2", "3", "0.0", "1")
	}
	return "(" + x + ") " + w.pick("+", "-", "*") + " (" + w.number(depth-1) + ")"
}

// number writes an int or a double.
func (w *writer) number(depth int) string {
	if w.chance(30) {
		return w.int(depth)
	}
	return w.double(depth)
}

// someMatrixExpr writes a matrix of any size, or "" where there is none.
func (w *writer) someMatrixExpr(depth int) string {
	if len(w.scope.unsized) > 0 {
		return w.unsized(depth)
	}
	if ds := w.sizes(); len(ds) > 0 {
		return w.matrix(ds[w.IntN(len(ds))], depth)
	}
	return ""
}

func (w *writer) aggregate(depth int) string {
	m := w.someMatrixExpr(depth)
	if m == "" {
		return w.doubleLiteral()
	}
	return w.pick("sum", "mean", "min", "max", "sum", "prod") + "(" + m + ")"
}

// cell takes a cell out of a matrix.
func (w *writer) cell(int) string {
	if len(w.scope.unsized) > 0 {
		return "as.scalar(" + w.pick(w.scope.unsized...) + "[1, 1])"
	}
	if len(w.sizes()) == 0 {
		return w.doubleLiteral()
	}
	m, d := w.someMatrix()
	i, j := itoa(1+w.IntN(d.r)), itoa(1+w.IntN(d.c))
	if w.chance(30) {
		i = w.index(d.r)
	}
	return "as.scalar(" + m + "[" + i + ", " + j + "])"
}

func (w *writer) bool(depth int) string {
	if w.leaf(depth) {
		if len(w.scope.bools) > 0 && w.chance(70) {
			return w.pick(w.scope.bools...)
		}
		// no TRUE or FALSE, the reference reads literals under ! and & wrongly
		return "(" + w.intLiteral() + " < " + w.intLiteral() + ")"
	}
	w.plain++ // the reference takes no calls in comparisons
	defer func() { w.plain-- }()
	switch w.IntN(6) {
	case 0:
		return "!(" + w.bool(depth-1) + ")"
	case 1:
		return "(" + w.bool(depth-1) + " " + w.pick("&", "|") + " " + w.bool(depth-1) + ")"
	case 2:
		return "(" + w.str(depth-1) + " " + w.pick("==", "!=", "<") + " " + w.str(depth-1) + ")"
	case 3:
		return "(" + w.double(depth-1) + " " + w.pick("<", ">", "<=", ">=") + " " + w.number(depth-1) + ")"
	}
	return "(" + w.int(depth-1) + " " + w.pick("<", ">", "<=", ">=", "==", "!=") + " " + w.int(depth-1) + ")"
}

func (w *writer) str(depth int) string {
	if w.leaf(depth) {
		if len(w.scope.strs) > 0 && w.chance(50) {
			return w.pick(w.scope.strs...)
		}
		return w.strLiteral()
	}
	x := w.strLiteral() + " + "
	switch w.IntN(4) {
	case 0:
		return x + "(" + w.int(depth-1) + ")"
	case 1:
		return x + "(" + w.double(depth-1) + ")"
	case 2:
		return x + "(" + w.bool(depth-1) + ")" // in a + !b < c the ! applies to b < c
	}
	return x + w.strLiteral()
}

// literalMatrix writes a matrix with given cells.
func (w *writer) literalMatrix(d dims) string {
	switch w.IntN(4) {
	case 0:
		return fmt.Sprintf("matrix(%s, %d, %d)", w.doubleLiteral(), d.r, d.c)
	case 1:
		if !w.opt.Reference {
			return w.random(d)
		}
	case 2:
		return fmt.Sprintf("matrix(seq(%d, %d), %d, %d)", 1, d.r*d.c, d.r, d.c)
	}
	var cells []string
	for range d.r * d.c {
		cells = append(cells, w.pick("0", "1", "-2", "0.5", "3.25", "7", "0"))
	}
	return fmt.Sprintf(`matrix("%s", %d, %d)`, strings.Join(cells, " "), d.r, d.c)
}

// startMatrix writes the first value of a variable.
func (w *writer) startMatrix(d dims) string {
	if w.chance(30) {
		return w.random(d)
	}
	return w.literalMatrix(d)
}

func (w *writer) random(d dims) string {
	sparsity := w.pick("1", "1", "0.4")
	if d.r*d.c < 6 { // the reference takes the number of cells that it expects, 0, for the real one
		sparsity = "1"
	}
	return fmt.Sprintf("rand(rows=%d, cols=%d, min=-2, max=3, sparsity=%s, seed=%d)", d.r, d.c, sparsity, 1+w.IntN(99))
}

// unsized writes a matrix of the size that the parameters of a function have.
func (w *writer) unsized(depth int) string {
	if w.leaf(depth) {
		return w.pick(w.scope.unsized...)
	}
	x := w.unsized(depth - 1)
	switch w.IntN(6) {
	case 0:
		return w.cellwise() + "(" + x + ")"
	case 1:
		return "(" + x + ") * (" + w.double(depth-1) + ")"
	case 2:
		return "t(t(" + x + "))"
	case 3:
		return "ifelse(" + x + " > " + w.doubleLiteral() + ", " + w.unsized(depth-1) + ", " + w.doubleLiteral() + ")"
	}
	return "(" + x + ") " + w.cellOp() + " (" + w.unsized(depth-1) + ")"
}

func (w *writer) cellwise() string {
	if w.chance(10) && !(w.inFunc && w.opt.Reference) {
		return "sigmoid"
	}
	return w.pick("abs", "round", "floor", "ceil", "sign", "sin", "tanh", "rev", "cumsum")
}

func (w *writer) cellOp() string { return w.pick("+", "-", "*", ">", "<=", "==", "&", "|") }
