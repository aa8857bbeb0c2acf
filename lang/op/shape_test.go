package op

import (
	"errors"
	"strings"
	"testing"
)

func c(v int64) Shape { return Const(v) }

const u = Unknown

// TestShapes gives for each operator inputs and the result as rows x cols, or the start of the mismatch.
func TestShapes(t *testing.T) {
	nz := func(r, c, n int64) Shape { return Shape{Rows: r, Cols: c, NNZ: n} }
	sub := func(r, c Bounds) Subscript { return Subscript{Rows: r, Cols: c} }
	for _, tc := range []struct {
		name string
		op   Op
		aux  any
		in   []Shape
		want Shape
		err  string
	}{
		{"cell keeps", Cell1, nil, []Shape{Dims(3, 4)}, Dims(3, 4), ""},
		{"cell scalar", Cell1, nil, []Shape{ScalarShape}, ScalarShape, ""},
		{"equal", Cell2, nil, []Shape{Dims(3, 4), Dims(3, 4)}, Dims(3, 4), ""},
		{"column", Cell2, nil, []Shape{Dims(3, 4), Dims(3, 1)}, Dims(3, 4), ""},
		{"row on the left", Cell2, nil, []Shape{Dims(1, 4), Dims(3, 4)}, Dims(3, 4), ""},
		{"outer", Cell2, nil, []Shape{Dims(3, 1), Dims(1, 4)}, Dims(3, 4), ""},
		{"one cell", Cell2, nil, []Shape{Dims(1, 1), Dims(3, 4)}, Dims(3, 4), ""},
		{"scalar", Cell2, nil, []Shape{c(2), Dims(3, 4)}, Dims(3, 4), ""},
		{"two scalars", Cell2, nil, []Shape{c(2), c(3)}, ScalarShape, ""},
		{"unknown and known", Cell2, nil, []Shape{Dims(u, 4), Dims(3, u)}, Dims(3, 4), ""},
		{"unknown and 1", Cell2, nil, []Shape{Dims(u, u), Dims(1, 4)}, Dims(u, 4), ""},
		{"no fit", Cell2, nil, []Shape{Dims(3, 4), Dims(4, 3)}, NoShape, "cellwise"},
		{"no fit with unknown", Cell2, nil, []Shape{Dims(3, u), Dims(4, u)}, NoShape, "cellwise"},
		{"ifelse", IfElse, nil, []Shape{Dims(3, 1), ScalarShape, Dims(3, 4)}, Dims(3, 4), ""},
		{"plus mul", PlusMul, nil, []Shape{Dims(3, 4), ScalarShape, Dims(3, 4)}, Dims(3, 4), ""},

		{"product", MatMul, nil, []Shape{Dims(3, 4), Dims(4, 5)}, Dims(3, 5), ""},
		{"product mismatch", MatMul, nil, []Shape{Dims(100, 5), Dims(4, 1)}, NoShape, "matrix product needs inner"},
		{"product 1x1 left", MatMul, nil, []Shape{Dims(1, 1), Dims(4, 5)}, Dims(4, 5), ""},
		{"product 1x1 right", MatMul, nil, []Shape{Dims(3, 4), Dims(1, 1)}, Dims(3, 4), ""},
		{"product inner unknown", MatMul, nil, []Shape{Dims(3, u), Dims(4, 5)}, Dims(3, 5), ""},
		{"product rows unknown", MatMul, nil, []Shape{Dims(u, 4), Dims(4, 5)}, Dims(u, 5), ""},
		{"product maybe 1x1", MatMul, nil, []Shape{Dims(u, u), Dims(4, 5)}, Dims(u, 5), ""},
		{"product right maybe 1x1", MatMul, nil, []Shape{Dims(3, u), Dims(u, 1)}, Dims(3, u), ""},
		{"product unknown", MatMul, nil, []Shape{NoShape, NoShape}, Dims(u, u), ""},
		{"tsmm left", TSMM, Left, []Shape{Dims(9, 4)}, Dims(4, 4), ""},
		{"tsmm right", TSMM, Right, []Shape{Dims(9, 4)}, Dims(9, 9), ""},
		{"mmchain", MMChain, XtXv, []Shape{Dims(9, 4), Dims(4, 1)}, Dims(4, 1), ""},

		{"sum", Agg, Aggregate{Sum, Full}, []Shape{Dims(3, 4)}, ScalarShape, ""},
		{"row sums", Agg, Aggregate{Sum, Row}, []Shape{Dims(3, u)}, Dims(3, 1), ""},
		{"column sums", Agg, Aggregate{Sum, Col}, []Shape{Dims(u, 4)}, Dims(1, 4), ""},
		{"trace", Agg, Aggregate{Trace, Full}, []Shape{Dims(3, 4)}, NoShape, "trace"},
		{"index max", IndexMax, nil, []Shape{Dims(3, 4)}, Dims(3, 1), ""},

		{"transpose", T, nil, []Shape{nz(3, 4, 5)}, nz(4, 3, 5), ""},
		{"rev", Rev, nil, []Shape{nz(3, 4, 5)}, nz(3, 4, 5), ""},
		{"diag of vector", Diag, nil, []Shape{nz(3, 1, 2)}, nz(3, 3, 2), ""},
		{"diag of square", Diag, nil, []Shape{Dims(3, 3)}, Dims(3, 1), ""},
		{"diag of other", Diag, nil, []Shape{Dims(3, 4)}, NoShape, "diag"},
		{"diag unknown", Diag, nil, []Shape{Dims(3, u)}, Dims(3, u), ""},
		{"reshape", Reshape, nil, []Shape{nz(3, 4, 5), c(2), c(6), Const(true)}, nz(2, 6, 5), ""},
		{"reshape mismatch", Reshape, nil, []Shape{Dims(3, 4), c(2), c(5), Const(true)}, NoShape, "matrix needs"},
		{"cbind", CBind, nil, []Shape{nz(3, 4, 1), nz(3, 1, 2)}, nz(3, 5, 3), ""},
		{"cbind unknown rows", CBind, nil, []Shape{Dims(u, 4), Dims(3, 1)}, Dims(3, 5), ""},
		{"cbind mismatch", CBind, nil, []Shape{Dims(3, 4), Dims(2, 1)}, NoShape, "cbind"},
		{"rbind", RBind, nil, []Shape{Dims(3, 4), Dims(u, 4)}, Dims(u, 4), ""},
		{"rbind onto nothing", RBind, nil, []Shape{Dims(0, 0), Dims(2, 4)}, Dims(2, 4), ""},
		{"rbind onto no rows", RBind, nil, []Shape{Dims(0, 3), Dims(2, 4)}, NoShape, "rbind"},
		{"rbind of nothing", RBind, nil, []Shape{Dims(0, 0), Dims(0, 0)}, Dims(0, 0), ""},

		{"row", Index, sub(One, All), []Shape{Dims(3, 4), ScalarShape}, Dims(1, 4), ""},
		{"cell", Index, sub(One, One), []Shape{Dims(3, 4), c(3), c(4)}, Dims(1, 1), ""},
		{"block", Index, sub(Range, Range), []Shape{Dims(9, 9), c(2), c(4), c(3), c(3)}, Dims(3, 1), ""},
		{"open block", Index, sub(Range, All), []Shape{Dims(9, 9), c(2), ScalarShape}, Dims(u, 9), ""},
		{"double bound", Index, sub(Range, All), []Shape{Dims(9, 9), c(1), Const(2.9)}, Dims(2, 9), ""},
		{"row outside", Index, sub(One, All), []Shape{Dims(2, 2), c(3)}, NoShape, "row index 3"},
		{"zero", Index, sub(All, One), []Shape{NoShape, c(0)}, NoShape, "column index 0"},
		{"empty range", Index, sub(Range, All), []Shape{NoShape, c(3), c(2)}, NoShape, "the row range 3:2"},
		{"update", Update, sub(Range, One), []Shape{Dims(9, 9), Dims(3, 1), c(2), c(4), c(1)}, Dims(9, 9), ""},
		{"update cell by scalar", Update, sub(One, One), []Shape{Dims(9, 9), ScalarShape, c(2), c(4)}, Dims(9, 9), ""},
		{"update block by scalar", Update, sub(Range, One), []Shape{Dims(3, 3), c(4), c(1), c(2), c(1)}, Dims(3, 3), "the addressed block is 2x1"},
		{"update by other size", Update, sub(One, All), []Shape{Dims(3, 3), Dims(1, 4), c(1)}, Dims(3, 3), "the addressed block is 1x3"},

		{"fill", Fill, nil, []Shape{Const(1.5), c(2), Const(3.0)}, nz(2, 3, 6), ""},
		{"fill zeros", Fill, nil, []Shape{c(0), c(2), c(3)}, nz(2, 3, 0), ""},
		{"fill negative", Fill, nil, []Shape{c(0), c(2), c(-3)}, NoShape, "a matrix cannot have a negative number of columns"},
		{"seq", Seq, nil, []Shape{c(1), c(10), c(3)}, Dims(4, 1), ""},
		{"seq down", Seq, nil, []Shape{c(3), c(1), c(1)}, Dims(3, 1), ""},
		{"seq between", Seq, nil, []Shape{c(0), c(1), Const(0.3)}, Dims(4, 1), ""},
		{"seq on the edge", Seq, nil, []Shape{c(0), c(1), Const(0.1)}, Dims(u, 1), ""},
		{"seq unknown", Seq, nil, []Shape{c(0), ScalarShape, c(1)}, Dims(u, 1), ""},
		{"rand", Rand, Random{}, []Shape{c(5), ScalarShape}, Dims(5, u), ""},

		{"nrow", NRow, nil, []Shape{Dims(3, u)}, c(3), ""},
		{"ncol unknown", NCol, nil, []Shape{Dims(3, u)}, ScalarShape, ""},
		{"length", Length, nil, []Shape{Dims(3, 4)}, c(12), ""},
		{"nrow of none", NRow, nil, []Shape{Dims(0, 0)}, c(0), ""},
		{"as.scalar", AsScalar, nil, []Shape{Dims(1, 1)}, ScalarShape, ""},
		{"as.scalar of more", AsScalar, nil, []Shape{Dims(u, 2)}, NoShape, "as.scalar"},
		{"as.matrix of scalar", AsMatrix, nil, []Shape{c(1)}, Dims(1, 1), ""},
	} {
		got, err := tc.op.Info().Shape(tc.aux, tc.in)
		var m *Mismatch
		switch {
		case tc.err == "" && err != nil:
			t.Errorf("%s: %v", tc.name, err)
		case tc.err != "" && (!errors.As(err, &m) || !strings.HasPrefix(m.Msg, tc.err)):
			t.Errorf("%s: error %v, want %q", tc.name, err, tc.err)
		case tc.err == "" && !got.Equal(tc.want):
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

func TestJoin(t *testing.T) {
	for _, tc := range []struct{ a, b, want Shape }{
		{Dims(3, 4), Dims(3, 5), Dims(3, u)},
		{Shape{Rows: 2, Cols: 2, NNZ: 1}, Shape{Rows: 2, Cols: 2, NNZ: 1}, Shape{Rows: 2, Cols: 2, NNZ: 1}},
		{c(1), c(1), c(1)},
		{c(1), c(2), ScalarShape},
		{c(1), Const(1.0), ScalarShape},
	} {
		if got := tc.a.Join(tc.b); !got.Equal(tc.want) {
			t.Errorf("%v join %v = %+v, want %+v", tc.a, tc.b, got, tc.want)
		}
	}
	if n := Dims(1<<40, 1<<40).Cells(); n != Unknown {
		t.Errorf("cells of a matrix beyond int64: %d", n)
	}
}
