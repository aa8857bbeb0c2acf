package op

// matMul multiplies; a 1x1 operand acts as a scalar, whatever the other's size
// (language reference §6.5). With sizes in doubt the result keeps what all
// possibilities have in common.
func matMul(_ any, in []Shape) (Shape, error) {
	a, b := in[0], in[1]
	one := func(s Shape) bool { return s.IsScalar() || s.Rows == 1 && s.Cols == 1 }
	maybe := func(s Shape) bool {
		return one(s) || (s.Rows == 1 || s.Rows == Unknown) && (s.Cols == 1 || s.Cols == Unknown)
	}
	switch {
	case one(a) && one(b):
		return Dims(1, 1), nil
	case one(a):
		return Dims(b.Rows, b.Cols), nil
	case one(b):
		return Dims(a.Rows, a.Cols), nil
	}
	rows, cols := a.Rows, b.Cols
	if maybe(a) {
		rows, cols = joinDim(rows, b.Rows), joinDim(cols, b.Cols)
	}
	if maybe(b) {
		rows, cols = joinDim(rows, a.Rows), joinDim(cols, a.Cols)
	}
	if !maybe(a) && !maybe(b) && a.Cols >= 0 && b.Rows >= 0 && a.Cols != b.Rows {
		return NoShape, &Mismatch{Msg: "matrix product needs inner dimensions to agree", In: []int{0, 1}}
	}
	return Dims(rows, cols), nil
}

// tMatMul is the rule of a product whose left operand is transposed.
func tMatMul(_ any, in []Shape) (Shape, error) {
	return matMul(nil, []Shape{Dims(in[0].Cols, in[0].Rows), in[1]})
}

// layer is the rule of a product to which a third input is added cell by cell.
func layer(_ any, in []Shape) (Shape, error) {
	s, err := matMul(nil, in[:2])
	if err != nil || len(in) == 2 {
		return s, err
	}
	s, err = broadcast(nil, []Shape{s, in[2]})
	return Dims(s.Rows, s.Cols), err
}

// sampled is the rule of cellwise operators over the product of the first two inputs, the
// second of which is transposed if the Aux says so, and the others.
func sampled(aux any, in []Shape) (Shape, error) {
	b := in[1]
	if t, ok := aux.(interface{ Transposed() bool }); ok && t.Transposed() {
		b.Rows, b.Cols = b.Cols, b.Rows
	}
	p, err := matMul(nil, []Shape{in[0], b})
	if err != nil {
		return NoShape, err
	}
	return together(nil, append([]Shape{p}, in[2:]...))
}

func tsmm(aux any, in []Shape) (Shape, error) {
	if side, _ := aux.(Side); side == Right {
		return Dims(in[0].Rows, in[0].Rows), nil
	}
	return Dims(in[0].Cols, in[0].Cols), nil
}

func mmChain(_ any, in []Shape) (Shape, error) {
	x, v := in[0], in[1]
	if x.Cols >= 0 && v.Rows >= 0 && x.Cols != v.Rows {
		return NoShape, &Mismatch{Msg: "matrix product needs inner dimensions to agree", In: []int{0, 1}}
	}
	return Dims(x.Cols, v.Cols), nil
}

func transpose(_ any, in []Shape) (Shape, error) {
	return Shape{Rows: in[0].Cols, Cols: in[0].Rows, NNZ: in[0].NNZ}, nil
}

func diag(_ any, in []Shape) (Shape, error) {
	x := in[0]
	switch {
	case x.Cols == 1:
		return Shape{Rows: x.Rows, Cols: x.Rows, NNZ: x.NNZ}, nil
	case x.Cols == Unknown:
		return Dims(x.Rows, Unknown), nil
	case x.Rows >= 0 && x.Rows != x.Cols:
		return NoShape, &Mismatch{Msg: "diag needs a column vector or a square matrix", In: []int{0}}
	}
	return Dims(x.Cols, 1), nil
}

// reshape takes a missing extent from the number of cells.
func reshape(_ any, in []Shape) (Shape, error) {
	x := in[0]
	out := Shape{Rows: dim(in[1]), Cols: dim(in[2]), NNZ: x.NNZ}
	if n, have := out.Cells(), x.Cells(); n >= 0 && have >= 0 && !x.IsScalar() && n != have {
		return NoShape, &Mismatch{Msg: "matrix needs as many cells as it is to be shaped to, " + out.String(), In: []int{0}}
	}
	return out, nil
}

func cbind(_ any, in []Shape) (Shape, error) {
	rows, cols, nnz, err := bind(in, "cbind needs equal numbers of rows",
		func(s Shape) (int64, int64) { return s.Rows, s.Cols })
	return Shape{Rows: rows, Cols: cols, NNZ: nnz}, err
}

func rbind(_ any, in []Shape) (Shape, error) {
	cols, rows, nnz, err := bind(in, "rbind needs equal numbers of columns",
		func(s Shape) (int64, int64) { return s.Cols, s.Rows })
	return Shape{Rows: rows, Cols: cols, NNZ: nnz}, err
}

// bind returns the common extent, the total of the other one and the non-zeros.
// A matrix without rows and columns fits everything.
func bind(in []Shape, msg string, split func(Shape) (same, along int64)) (same, total, nnz int64, err error) {
	same, first := Unknown, -1
	for i, s := range in {
		c, n := split(s)
		if c > 0 || c == 0 && n > 0 {
			if first >= 0 && c != same {
				return Unknown, Unknown, Unknown, &Mismatch{Msg: msg, In: []int{first, i}}
			}
			same, first = c, i
		}
		total = addKnown(total, n)
		nnz = addKnown(nnz, s.NNZ)
	}
	if first < 0 && total == 0 {
		same = 0
	}
	return same, total, nnz, nil
}

// addKnown adds two counts; Unknown plus anything is Unknown.
func addKnown(a, b int64) int64 {
	if a < 0 || b < 0 {
		return Unknown
	}
	return a + b
}
