package builtins

import (
	"fmt"
	"slices"
	"strings"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const counting = "Grouping, counting, sets"

// setFuncs count and compare the values of cells.
func setFuncs() []*Func {
	return []*Func{table(), unique(), contains(),
		countDistinct("countDistinct", matrix.All, true), countDistinct("countDistinctApprox", matrix.All, true),
		countDistinct("rowCountDistinct", matrix.PerRow, false), countDistinct("colCountDistinct", matrix.PerCol, false),
		countDistinct("rowCountDistinctApprox", matrix.PerRow, false), countDistinct("colCountDistinctApprox", matrix.PerCol, false), aggregate(), rowClassMeet()}
}

func table() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "table",
			Params: []types.Param{
				need("A", types.Any, "row indexes, a matrix"),
				need("B", types.Any, "column indexes, a matrix like A or a number"),
				may("W", types.Any, "1", "weights, a matrix like A or a number; rows of the result if four arguments are given"),
				may("rows", types.Any, "", "rows of the result; its columns if four arguments are given"),
				may("cols", types.Any, "", "columns of the result"),
				may("outputEmptyBlocks", types.BoolT, "TRUE", "about distributed storage; the result is the same"),
			},
			Results: []types.Type{types.Mat},
			Check:   takes("table", 0, matrix2|number),
		},
		Aliases: []string{"ctable"},
		Family:  counting,
		Doc: "The contingency table of two matrices: for every cell position the weight is added to the cell of the result whose" +
			" row and column the cells of A and B name. Forms: table(A, B), table(A, B, W), table(A, B, rows, cols)," +
			" table(A, B, W, rows, cols). Without dimensions the result is as large as the largest indexes; with them entries" +
			" beyond are dropped. Positions with NaN are skipped, indexes below 1 are an error.",
		Example: `print(table(matrix("1 2 2 5", 4, 1), matrix("1 1 1 9", 4, 1), 2, 3))  # 1.000 0.000 0.000 / 2.000 0.000 0.000`,
		Pure:    true,
		Shape: gives(func(in []op.Shape) (int64, int64) {
			at := tableDims(len(in))
			if at == 0 {
				return op.Unknown, op.Unknown
			}
			return size(in, at), size(in, at+1)
		}),
		Call: callTable,
	}
}

// tableDims returns the position of the dimensions in a call of table with n arguments, 0 for none.
func tableDims(n int) int {
	switch n {
	case 4:
		return 2
	case 5, 6:
		return 3
	}
	return 0
}

func callTable(a *exec.Args) ([]value.Value, error) {
	n := len(a.Vals)
	for n > 0 && a.Vals[n-1] == nil {
		n--
	}
	var in [3]matrix.Operand
	in[2].S = 1
	at := tableDims(n)
	for i := range in {
		if i == 2 && (n == 2 || at == 2) {
			continue // no weights
		}
		var err error
		if in[i], err = operand(a, i); err != nil {
			return nil, err
		}
	}
	rows, cols := -1, -1
	if at > 0 {
		var err error
		if rows, cols, err = dims(a, at, at+1, 0, 0); err != nil {
			return nil, err
		}
	}
	m, err := matrix.Table(a.M.Mat(), in[0], in[1], in[2], rows, cols)
	return result(a, m, err)
}

// dirWords are the directions of unique and countDistinct, in the order of matrix.Direction.
var dirWords = [...]string{matrix.All: "rc", matrix.PerRow: "r", matrix.PerCol: "c"}

// direction returns the direction that argument i names.
func direction(a *exec.Args, i int) (matrix.Direction, error) {
	w, err := a.Str(i, dirWords[matrix.All])
	if err != nil {
		return 0, err
	}
	for d, legal := range dirWords {
		if w == legal {
			return matrix.Direction(d), nil
		}
	}
	return 0, badWord(a, i, w, dirWords[:]...)
}

func unique() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "unique",
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Mat, "matrix, n x m"),
				word("dir", "rc", dirWords[:], "all cells, each row, or each column"),
			},
			Results: []types.Type{types.Mat},
		},
		Family: counting,
		Doc: "The distinct values of a matrix in ascending order, NaN last. Of all cells a k x 1 vector; of each row its values" +
			" packed to the left, n x k, or of each column packed to the top, k x m, padded with zeros.",
		Example: `print(unique(matrix("3 1 3 2", 4, 1)))  # 1.000 / 2.000 / 3.000`,
		Pure:    true,
		Shape: gives(func(in []op.Shape) (int64, int64) {
			if len(in) == 1 || in[1].Val == "rc" {
				return op.Unknown, 1
			}
			return op.Unknown, op.Unknown
		}),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			dir, err := direction(a, 1)
			if err != nil {
				return nil, err
			}
			return one(matrix.Unique(a.M.Mat(), x, dir))
		},
	}
}

func contains() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "contains",
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Mat, "matrix, n x m"),
				need("pattern", types.Any, "number, NaN included, or row vector, 1 x m"),
			},
			Results: []types.Type{types.BoolT},
			Check:   takes("contains", 1, matrix2|number),
		},
		Family:  counting,
		Doc:     "Whether a cell of the matrix equals a number, or a row equals a row vector; a boolean. NaN equals NaN.",
		Example: `print(contains(target=seq(1, 3), pattern=2))  # TRUE`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			p, err := operand(a, 1)
			if err != nil {
				return nil, err
			}
			row := []float64{p.S}
			if p.M != nil {
				if row = p.M.Vector(); p.M.Rows() != 1 || p.M.Cols() != x.Cols() {
					return nil, fmt.Errorf("contains: pattern must be a number or 1x%d, not %s", x.Cols(), p.M)
				}
			}
			return one(containsRow(x, row, p.M == nil))
		},
	}
}

// containsRow looks for a row of x that equals row, or for a cell that equals its only number.
func containsRow(x *matrix.Matrix, row []float64, anyCell bool) bool {
	buf := make([]float64, x.Cols())
	for i := range x.Rows() {
		cells := x.Row(i, buf)
		if anyCell && slices.ContainsFunc(cells, func(v float64) bool { return sameNumber(v, row[0]) }) ||
			!anyCell && slices.EqualFunc(cells, row, sameNumber) {
			return true
		}
	}
	return false
}

// sameNumber is equality with NaN equal to itself.
func sameNumber(x, y float64) bool { return x == y || x != x && y != y }

// countDistinct is the row of a function that counts distinct values: with a parameter
// for the direction, or of one direction.
func countDistinct(name string, dir matrix.Direction, choose bool) *Func {
	f := &Func{
		Signature: types.Signature{
			Name:    name,
			Binding: types.Named,
			Params:  []types.Param{need("target", types.Mat, "matrix, n x m")},
			Results: []types.Type{types.Mat},
		},
		Family: counting,
		Pure:   true,
	}
	example := map[matrix.Direction]string{matrix.All: "3", matrix.PerRow: "2.000 / 1.000", matrix.PerCol: "2.000 2.000"}[dir]
	f.Example = `print(` + name + `(matrix("1 2 3 3", 2, 2)))  # ` + example
	switch dir {
	case matrix.PerRow:
		f.Doc = "The number of distinct values in each row, n x 1."
		f.Shape = gives(func(in []op.Shape) (int64, int64) { return in[0].Rows, 1 })
	case matrix.PerCol:
		f.Doc = "The number of distinct values in each column, 1 x m."
		f.Shape = gives(func(in []op.Shape) (int64, int64) { return 1, in[0].Cols })
	default:
		f.Doc = "The number of distinct values, an int."
	}
	if choose {
		f.Params = append(f.Params, word("dir", "rc", dirWords[:], "all cells; each row, n x 1; or each column, 1 x m"))
		f.Doc = "The number of distinct values of a matrix, an int; with dir of each row, n x 1, or of each column, 1 x m."
		f.Results = []types.Type{types.Any}
		f.ResultOf = func(args []types.Type) []types.Type {
			if len(args) < 2 || args[1] == types.Any { // not passed
				return []types.Type{types.IntT}
			}
			return []types.Type{types.Any}
		}
	}
	f.Doc += " Zeros count like other values."
	if strings.HasSuffix(name, "Approx") {
		f.Params = append(f.Params, word("type", "KMV", []string{"KMV"}, "sketch of the reference implementation"))
		f.Doc += " The count is exact, no sketch is used."
	}
	f.Call = func(a *exec.Args) ([]value.Value, error) {
		x, err := a.Matrix(0)
		if err != nil {
			return nil, err
		}
		d := dir
		if choose {
			if d, err = direction(a, 1); err != nil {
				return nil, err
			}
		}
		m := matrix.CountDistinct(a.M.Mat(), x, d)
		if d == matrix.All {
			defer m.Release()
			return one(int64(m.At(0, 0)))
		}
		return one(m)
	}
	return f
}
