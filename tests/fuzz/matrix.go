package fuzz

import "fmt"

// matrix writes a matrix of the given size.
func (w *writer) matrix(d dims, depth int) string {
	if w.leaf(depth) {
		if vs := w.scope.matrices[d]; len(vs) > 0 && w.chance(80) {
			return w.pick(vs...)
		}
		return w.literalMatrix(d)
	}
	depth--
	forms := []func(dims, int) string{
		w.binary, w.binary, w.withScalar, w.unary, w.transposed, w.product, w.joined, w.part, w.special, w.choice, w.called,
	}
	return forms[w.IntN(len(forms))](d, depth)
}

// binary combines two matrices, the second perhaps a row, a column or a single cell.
func (w *writer) binary(d dims, depth int) string {
	y := d
	switch w.IntN(6) {
	case 0:
		y.r = 1
	case 1:
		y.c = 1
	}
	return fmt.Sprintf("(%s) %s (%s)", w.matrix(d, depth), w.cellOp(), w.matrix(y, depth))
}

func (w *writer) withScalar(d dims, depth int) string {
	x := w.matrix(d, depth)
	switch w.IntN(8) {
	case 0:
		return fmt.Sprintf("%s - (%s)", w.doubleLiteral(), x)
	case 1:
		return fmt.Sprintf("(%s) %s %s", x, w.pick("%%", "%/%"), w.pick("2", "3", "2.5"))
	case 2:
		return fmt.Sprintf("%s(%s, %s)", w.pick("min", "max"), x, w.doubleLiteral())
	case 3:
		return fmt.Sprintf("(%s) / (2 + abs(%s))", x, w.double(depth))
	case 4:
		return fmt.Sprintf("(%s)^%s", x, w.pick("2", "3"))
	}
	return fmt.Sprintf("(%s) %s (%s)", x, w.pick("+", "-", "*", ">", "<", "=="), w.number(depth))
}

func (w *writer) unary(d dims, depth int) string {
	x := w.matrix(d, depth)
	switch w.IntN(6) {
	case 0:
		return "-(" + x + ")"
	case 1:
		return "!(" + x + ")"
	case 2:
		return "sqrt(abs(" + x + "))"
	}
	return w.cellwise() + "(" + x + ")"
}

func (w *writer) transposed(d dims, depth int) string {
	return "t(" + w.matrix(dims{d.c, d.r}, depth) + ")"
}

func (w *writer) product(d dims, depth int) string {
	k := 2 + w.IntN(3)
	x := w.matrix(dims{d.r, k}, depth)
	switch {
	case d.r == d.c && w.chance(25):
		v := fmt.Sprintf("(%s)", x)
		return v + " %*% t" + v
	case d.c == 1 && w.chance(30):
		return fmt.Sprintf("t(%s) %%*%% ((%s) %%*%% (%s))", w.matrix(dims{k, d.r}, 0), w.matrix(dims{k, 2}, depth), w.matrix(dims{2, 1}, depth))
	}
	return fmt.Sprintf("(%s) %%*%% (%s)", x, w.matrix(dims{k, d.c}, depth))
}

// joined puts two matrices beside or below each other.
func (w *writer) joined(d dims, depth int) string {
	switch {
	case d.c > 1 && w.chance(50):
		k := 1 + w.IntN(d.c-1)
		return fmt.Sprintf("cbind(%s, %s)", w.matrix(dims{d.r, k}, depth), w.matrix(dims{d.r, d.c - k}, depth))
	case d.r > 1:
		k := 1 + w.IntN(d.r-1)
		return fmt.Sprintf("rbind(%s, %s)", w.matrix(dims{k, d.c}, depth), w.matrix(dims{d.r - k, d.c}, depth))
	}
	return w.unary(d, depth)
}

// part takes a block out of a larger variable.
func (w *writer) part(d dims, depth int) string {
	for _, big := range w.sizes() {
		if big.r < d.r || big.c < d.c || w.chance(40) {
			continue
		}
		v := w.pick(w.scope.matrices[big]...)
		i, j := 1+w.IntN(big.r-d.r+1), 1+w.IntN(big.c-d.c+1)
		rows, cols := fmt.Sprintf("%d:%d", i, i+d.r-1), fmt.Sprintf("%d:%d", j, j+d.c-1)
		switch {
		case d.r == big.r:
			rows = ""
		case d.r == 1:
			rows = itoa(i)
			if w.chance(30) {
				rows = w.index(big.r)
			}
		}
		if d.c == big.c {
			cols = ""
		}
		return v + "[" + rows + ", " + cols + "]"
	}
	return w.binary(d, depth)
}

// special writes what only some sizes have.
func (w *writer) special(d dims, depth int) string {
	k := 1 + w.IntN(4)
	switch {
	case d.c == 1 && w.chance(50):
		return w.pick("rowSums", "rowMeans", "rowMaxs", "rowMins", "rowIndexMax") + "(" + w.matrix(dims{d.r, k}, depth) + ")"
	case d.r == 1 && w.chance(50):
		return w.pick("colSums", "colMeans", "colMaxs", "colMins") + "(" + w.matrix(dims{k, d.c}, depth) + ")"
	case d.r == d.c && w.chance(40):
		return "diag(" + w.matrix(dims{d.r, 1}, depth) + ")"
	case d.c == 1 && w.chance(50):
		return fmt.Sprintf("order(target=%s, by=1, decreasing=%s, index.return=%s)", w.matrix(d, depth), w.pick("TRUE", "FALSE"), w.pick("TRUE", "FALSE"))
	case d.r > 1 && d.c > 1 && w.chance(50) && !w.opt.Reference:
		return fmt.Sprintf(`outer(%s, %s, "%s")`, w.matrix(dims{d.r, 1}, depth), w.matrix(dims{1, d.c}, depth), w.pick("+", "*", "-", ">"))
	}
	return fmt.Sprintf("matrix(%s, %d, %d)", w.matrix(dims{d.c, d.r}, depth), d.r, d.c)
}

func (w *writer) choice(d dims, depth int) string {
	if w.chance(30) {
		return fmt.Sprintf("replace(target=%s, pattern=%s, replacement=%s)", w.matrix(d, depth), w.pick("0", "1"), w.doubleLiteral())
	}
	return fmt.Sprintf("ifelse((%s) > %s, %s, %s)", w.matrix(d, depth), w.doubleLiteral(), w.matrix(d, depth), w.pick(w.matrix(d, depth), w.doubleLiteral()))
}

// called calls a function that keeps the size.
func (w *writer) called(d dims, depth int) string {
	if len(w.funcs) < 2 || w.plain > 0 || d.r*d.c == 1 {
		return w.binary(d, depth)
	}
	return w.call(w.funcs[1], d, depth)
}
