package builtins

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/matrix/linalg"
	"gdml/runtime/value"
)

// decompFuncs are the determinant and the factorisations.
func decompFuncs() []*Func {
	return []*Func{det(), cholesky(), squareRoot(), eigen(), svd(), qr(), lu()}
}

// factorArg returns argument 0 for the factorisations, which need cells.
func factorArg(a *exec.Args, square bool) (*matrix.Matrix, error) {
	m, err := a.Matrix(0)
	if err != nil {
		return nil, err
	}
	n := m.Rows()
	if n == 0 || m.Cols() == 0 || square && n != m.Cols() {
		what := "a matrix with cells"
		if square {
			what = "a square matrix"
		}
		return nil, fmt.Errorf("%s: %s is needed, not %s", a.Name, what, m)
	}
	return m, nil
}

// factorError makes an error of a factorisation of m one of its builtin.
func factorError(a *exec.Args, m *matrix.Matrix, err error) error {
	if errors.Is(err, linalg.ErrSingular) {
		return fmt.Errorf("%s: the %v matrix is singular", a.Name, m)
	}
	return named(a, err)
}

// finiteCells copies m for the factorisations of gonum, which need finite cells.
func finiteCells(a *exec.Args, m *matrix.Matrix) (*mat.Dense, error) {
	cells := slices.Clone(m.Vector())
	for _, v := range cells {
		if v-v != 0 {
			return nil, fmt.Errorf("%s: the cells must be finite, not %v", a.Name, v)
		}
	}
	return mat.NewDense(m.Rows(), m.Cols(), cells), nil
}

// fromMat copies a result of the factorisations.
func fromMat(c *matrix.Ctx, m mat.Matrix) *matrix.Matrix {
	rows, cols := m.Dims()
	cells := make([]float64, 0, rows*cols)
	for i := range rows {
		for j := range cols {
			cells = append(cells, m.At(i, j))
		}
	}
	return matrix.Compact(c, matrix.FromDense(rows, cols, cells))
}

func det() *Func {
	return &Func{
		Signature: types.Signature{Name: "det", Params: []types.Param{need("A", types.Mat, "square matrix")}, Results: []types.Type{types.Dbl}},
		Family:    linear,
		Doc:       "The determinant of a square matrix, a double, by LU factorisation. A pivot below 1e-11 makes it 0.",
		Example:   `print(det(matrix("2 0 0 4", 2, 2)))  # 8.0`,
		Pure:      true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := factorArg(a, true)
			if err != nil {
				return nil, err
			}
			v, err := linalg.Det(a.M.Mat(), m)
			if err != nil {
				return nil, named(a, err)
			}
			return one(v)
		},
	}
}

func cholesky() *Func {
	return &Func{
		Signature: types.Signature{Name: "cholesky", Params: []types.Param{need("A", types.Mat, "symmetric positive definite matrix, n x n")}, Results: []types.Type{types.Mat}},
		Family:    linear,
		Doc:       "The lower triangular L with A = L %*% t(L), n x n. A matrix that is not symmetric (1e-6 relative) or not positive definite is an error.",
		Example:   `print(cholesky(matrix("4 2 2 5", 2, 2)))  # 2.000 0.000 / 1.000 2.000`,
		Pure:      true,
		Shape:     sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := factorArg(a, true)
			if err != nil {
				return nil, err
			}
			l, err := linalg.Cholesky(a.M.Mat(), m)
			return result(a, l, err)
		},
	}
}

func squareRoot() *Func {
	return &Func{
		Signature: types.Signature{Name: "sqrtMatrixJava", Params: []types.Param{need("A", types.Mat, "symmetric positive semidefinite matrix, n x n")}, Results: []types.Type{types.Mat}},
		Family:    linear,
		Doc: "The principal square root of a symmetric matrix, n x n: the symmetric S without negative eigenvalues for which" +
			" S %*% S = A. A matrix that is not symmetric (1e-6 relative) or has a negative eigenvalue is an error.",
		Example: `print(sqrtMatrixJava(matrix("5 4 4 5", 2, 2)))  # 2.000 1.000 / 1.000 2.000`,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := factorArg(a, true)
			if err != nil {
				return nil, err
			}
			c := a.M.Mat()
			if !linalg.Symmetric(c, m, 1e-6) {
				return nil, fmt.Errorf("sqrtMatrixJava: the matrix is not symmetric")
			}
			values, vectors, err := linalg.EigenSym(c, m)
			if err != nil {
				return nil, named(a, err)
			}
			defer values.Release()
			defer vectors.Release()
			w, v, n := slices.Clone(values.DenseData()), vectors.DenseData(), values.Rows()
			for i, x := range w {
				if x < -1e-10*math.Abs(w[n-1]) {
					return nil, fmt.Errorf("sqrtMatrixJava: the matrix has the negative eigenvalue %v", x)
				}
				w[i] = math.Sqrt(max(x, 0))
			}
			scaled := make([]float64, n*n) // v*diag(w)
			for i := range scaled {
				scaled[i] = v[i] * w[i%n]
			}
			out, cells := matrix.Draft(c, n, n)
			matrix.Gemm(c, false, true, n, n, n, 1, scaled, n, v, n, 0, cells, n)
			return one(matrix.Compact(c, out))
		},
	}
}

func eigen() *Func {
	return &Func{
		Signature: types.Signature{
			Name:        "eigen",
			Params:      []types.Param{need("A", types.Mat, "square matrix, n x n")},
			Results:     []types.Type{types.Mat, types.Mat},
			MultiResult: true,
		},
		Family: linear,
		Doc: "[w, V] = eigen(A): the eigenvalues in ascending order, n x 1, and the eigenvectors as the columns of V, n x n, of" +
			" length 1 and with any sign. Of a matrix that is not symmetric the real parts are returned.",
		Example: `[w, V] = eigen(matrix("2 1 1 2", 2, 2)); print(w); print(abs(V))  # 1.000 / 3.000 /  / 0.707 0.707 / 0.707 0.707`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			return []op.Shape{op.Dims(in[0].Rows, 1), op.Dims(in[0].Rows, in[0].Rows)}, nil
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := factorArg(a, true)
			if err != nil {
				return nil, err
			}
			c := a.M.Mat()
			if linalg.Symmetric(c, m, 1e-12) {
				w, v, err := linalg.EigenSym(c, m)
				if err != nil {
					return nil, named(a, err)
				}
				return []value.Value{w, matrix.Compact(c, v)}, nil
			}
			d, err := finiteCells(a, m)
			if err != nil {
				return nil, err
			}
			w, v, ok := eigenOf(d)
			if !ok {
				return nil, fmt.Errorf("eigen: the decomposition does not converge")
			}
			return []value.Value{matrix.FromDense(len(w), 1, w), fromMat(c, v)}, nil
		},
	}
}

// eigenOf returns the real parts of eigenvalues, in ascending order, with those of their
// vectors as columns.
func eigenOf(d *mat.Dense) (w []float64, v *mat.Dense, ok bool) {
	n, _ := d.Dims()
	v = mat.NewDense(n, n, nil)
	var e mat.Eigen
	if ok = e.Factorize(d, mat.EigenRight); !ok {
		return nil, nil, false
	}
	var cv mat.CDense
	e.VectorsTo(&cv)
	vals := e.Values(nil)
	perm := make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	slices.SortStableFunc(perm, func(i, j int) int { return cmp.Compare(real(vals[i]), real(vals[j])) })
	for k, j := range perm {
		w = append(w, real(vals[j]))
		for i := range n {
			v.Set(i, k, real(cv.At(i, j)))
		}
	}
	return w, v, true
}

func svd() *Func {
	return &Func{
		Signature: types.Signature{
			Name:        "svd",
			Params:      []types.Param{need("A", types.Mat, "matrix, m x n")},
			Results:     []types.Type{types.Mat, types.Mat, types.Mat},
			MultiResult: true,
		},
		Family: linear,
		Doc: "[U, S, V] = svd(A): the thin singular value decomposition A = U %*% S %*% t(V) with k = min(m, n): U is m x k, S the" +
			" k x k diagonal matrix of the singular values in descending order, V n x k. Signs are free.",
		Example: `[U, S, V] = svd(matrix("3 0 0 2", 2, 2)); print(S); print(U %*% S %*% t(V))  # 3.000 0.000 / 0.000 2.000 /  / 3.000 0.000 / 0.000 2.000`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			x, k := in[0], int64(op.Unknown)
			if x.Known() {
				k = min(x.Rows, x.Cols)
			}
			return []op.Shape{op.Dims(x.Rows, k), op.Dims(k, k), op.Dims(x.Cols, k)}, nil
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := factorArg(a, false)
			if err != nil {
				return nil, err
			}
			c := a.M.Mat()
			u, values, v, err := linalg.SVD(c, m)
			if err != nil {
				return nil, named(a, err)
			}
			s, err := matrix.Diag(c, values)
			values.Release()
			return []value.Value{matrix.Compact(c, u), s, matrix.Compact(c, v)}, err
		},
	}
}
