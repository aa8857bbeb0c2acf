package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// rowClassMeet intersects partitions.
func rowClassMeet() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "rowClassMeet",
			Params:  []types.Param{need("A", types.Mat, "classes, n x m; 0 is no class"), need("B", types.Mat, "classes, n x m; 0 is no class")},
			Results: mats(2), MultiResult: true,
		},
		Aliases: []string{"rcm"},
		Family:  counting,
		Doc: "[C, N] = rowClassMeet(A, B): the common refinement of two partitions in every row. Two cells of a row are in one" +
			" class of the meet when they are in one class of A and in one of B; C, n x m, has the classes, numbered from 1 in the" +
			" order of their first cells, and N the number of cells of each cell's class. A cell without class in A or B has 0 in both.",
		Example: `[C, N] = rowClassMeet(matrix("5 5 5 2", 1, 4), matrix("1 3 1 0", 1, 4)); print(C); print(N)  # 1.000 2.000 1.000 0.000 /  / 2.000 1.000 2.000 0.000`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			a, b := in[0], in[1]
			if a.Known() && b.Known() && (a.Rows != b.Rows || a.Cols != b.Cols) {
				return nil, &op.Mismatch{Msg: "rowClassMeet needs matrices of one size", In: []int{0, 1}}
			}
			s := op.Dims(max(a.Rows, b.Rows), max(a.Cols, b.Cols))
			return []op.Shape{s, s}, nil
		},
		Call: callRowClassMeet,
	}
}

func callRowClassMeet(x *exec.Args) ([]value.Value, error) {
	a, err := x.Matrix(0)
	if err != nil {
		return nil, err
	}
	b, err := x.Matrix(1)
	if err != nil {
		return nil, err
	}
	if a.Rows() != b.Rows() || a.Cols() != b.Cols() {
		return nil, fmt.Errorf("rowClassMeet: matrices of one size are needed, not %s and %s", a, b)
	}
	rows, cols := a.Rows(), a.Cols()
	class, count := make([]float64, rows*cols), make([]float64, rows*cols)
	bufA, bufB := make([]float64, cols), make([]float64, cols)
	for i := range rows {
		meetRow(a.Row(i, bufA), b.Row(i, bufB), class[i*cols:(i+1)*cols], count[i*cols:(i+1)*cols])
	}
	c := x.M.Mat()
	return []value.Value{
		matrix.Compact(c, matrix.FromDense(rows, cols, class)),
		matrix.Compact(c, matrix.FromDense(rows, cols, count)),
	}, nil
}

// meetRow is rowClassMeet of one row.
func meetRow(a, b, class, count []float64) {
	ids := map[[2]float64]float64{}
	sizes := []float64{0}
	for j := range a {
		if a[j] == 0 || b[j] == 0 {
			continue
		}
		key := [2]float64{a[j], b[j]}
		id, ok := ids[key]
		if !ok {
			id = float64(len(sizes))
			ids[key] = id
			sizes = append(sizes, 0)
		}
		class[j] = id
		sizes[int(id)]++
	}
	for j, id := range class {
		if id > 0 {
			count[j] = sizes[int(id)]
		}
	}
}
