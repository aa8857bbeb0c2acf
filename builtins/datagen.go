package builtins

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const construction = "Construction and random numbers"

// datagenFuncs make matrices and tensors.
func datagenFuncs() []*Func { return []*Func{newMatrix(), newTensor(), seq(), random(), sample()} }

func newMatrix() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "matrix",
			Binding: types.Named,
			Params: []types.Param{
				need("data", types.Any, "number for every cell, string of numbers, or matrix to reshape"),
				need("rows", types.IntT, "number of rows, may be 0"),
				need("cols", types.IntT, "number of columns, may be 0"),
				may("byrow", types.BoolT, "TRUE", "row by row; FALSE reads and writes column by column"),
				may("dimnames", types.Any, "", "ignored: matrices have no names"),
			},
			Results: []types.Type{types.Mat},
			Check: checks(takesAt("matrix", 0, matrix2|scalar),
				within("matrix", "rows", 1, 0, math.Inf(1)), within("matrix", "cols", 2, 0, math.Inf(1)), matrixText, dimNames),
		},
		Family: construction,
		Doc: "A rows x cols matrix. A number fills every cell. A string holds rows*cols numbers separated by white space, row by" +
			" row whatever byrow says. A matrix with as many cells is reshaped: its cells are read row by row and written row by row, or column" +
			" by column with byrow=FALSE.",
		Example: `print(matrix("1 2 3 4 5 6", 2, 3)); print(matrix(seq(1, 6), 2, 3, byrow=FALSE))  # 1.000 2.000 3.000 / 4.000 5.000 6.000 /  / 1.000 3.000 5.000 / 2.000 4.000 6.000`,
		Pure:    true,
		Shape:   gives(func(in []op.Shape) (int64, int64) { return size(in, 1), size(in, 2) }),
		Lower: func(args []types.Type, has []bool) (Lowering, bool) {
			switch kindOf(args[0]) {
			case number:
				return Lowering{Op: op.Fill, Args: []Operand{{Arg: 0}, {Arg: 1}, {Arg: 2}}}, true
			case matrix2:
				return Lowering{Op: op.Reshape, Args: []Operand{{Arg: 0}, {Arg: 1}, {Arg: 2}, {Arg: 3, Lit: true}}}, true
			}
			return Lowering{}, false
		},
		Call: callMatrix,
	}
}

func callMatrix(a *exec.Args) ([]value.Value, error) {
	rows, cols, err := dims(a, 1, 2, 0, 0)
	if err != nil {
		return nil, err
	}
	byrow, err := a.Bool(3, true)
	if err != nil {
		return nil, err
	}
	switch v := a.Vals[0].(type) {
	case string:
		cells, err := parseCells(v, int64(rows), int64(cols))
		if err != nil {
			return nil, err
		}
		return one(matrix.Compact(a.M.Mat(), matrix.FromDense(rows, cols, cells))) // always row by row, as written
	case *matrix.Matrix:
		m, err := matrix.Reshape(a.M.Mat(), v, rows, cols, byrow)
		return result(a, m, err)
	}
	v, err := a.Float(0, 0)
	if err != nil {
		return nil, err
	}
	return one(matrix.Fill(a.M.Mat(), rows, cols, v))
}

// dimNames warns of an argument without effect, which old scripts pass.
func dimNames(c types.Call) []types.Problem {
	if !c.Has(4) {
		return nil
	}
	p := problem(4, "leave it out", "matrix: dimnames has no effect")
	p[0].Warn = true
	return p
}

// parseCells reads the numbers of a string constant.
func parseCells(s string, rows, cols int64) ([]float64, error) {
	words := strings.Fields(s)
	if rows*cols == 0 { // matrix("0", rows=0, cols=0) is how scripts write an empty matrix
		return nil, nil
	}
	if int64(len(words)) != rows*cols {
		return nil, fmt.Errorf("matrix: the string holds %d numbers, but %d x %d cells are needed", len(words), rows, cols)
	}
	cells := make([]float64, len(words))
	for i, w := range words {
		v, err := cell.ParseDouble(w)
		if err != nil {
			return nil, fmt.Errorf("matrix: %q, number %d of the string, is not a number", w, i+1)
		}
		cells[i] = v
	}
	return cells, nil
}

// matrixText reads a literal string at compile time.
func matrixText(c types.Call) []types.Problem {
	v, _ := c.Literal(0)
	s, ok := v.(string)
	rows, knowRows := literal(c, 1)
	cols, knowCols := literal(c, 2)
	if !ok || !knowRows || !knowCols || rows < 0 || cols < 0 || rows > math.MaxInt32 || cols > math.MaxInt32 {
		return nil
	}
	if _, err := parseCells(s, cell.ToInt(rows), cell.ToInt(cols)); err != nil {
		hint := ""
		if strings.Contains(s, ",") {
			hint = "numbers are separated by spaces, not commas"
		} else if len(strings.Fields(s)) == 1 {
			hint = "a string does not fill the matrix; a number does"
		}
		return problem(0, hint, "%s", err)
	}
	return nil
}

func seq() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "seq",
			Params: []types.Param{
				need("from", types.Dbl, "first number"),
				need("to", types.Dbl, "bound, included if it is reached"),
				may("incr", types.Dbl, "", "difference of neighbours; 1, or -1 if from > to"),
			},
			Results: []types.Type{types.Mat},
			Check:   seqSign,
		},
		Family: construction,
		Doc: "The numbers from, from+incr, ... up to to, as a column vector. They are made by repeated addition, so that" +
			" fractions accumulate rounding errors. An increment of 0, of the wrong sign, or numbers that are not finite are" +
			" errors; only an increment of 1 that is not a literal counts down when from > to.",
		Example: `print(seq(1, 2, 0.5)); print(seq(3, 1))  # 1.000 / 1.500 / 2.000 /  / 3.000 / 2.000 / 1.000`,
		Pure:    true,
		Lower: func([]types.Type, []bool) (Lowering, bool) {
			return Lowering{Op: op.Seq, Args: []Operand{{Arg: 0}, {Arg: 1}, {Arg: 2, Lit: int64(1)}}}, true
		},
	}
}

// seqSign finds increments of literals that lead nowhere.
func seqSign(c types.Call) []types.Problem {
	incr, known := literal(c, 2)
	if !known {
		return nil
	}
	if incr == 0 {
		return problem(2, "", "seq: the increment must not be 0")
	}
	from, knowFrom := literal(c, 0)
	to, knowTo := literal(c, 1)
	if knowFrom && knowTo && from != to && (to > from) != (incr > 0) {
		return problem(2, "leave the increment out, or change its sign", "seq: an increment of %v does not lead from %v to %v", incr, from, to)
	}
	return nil
}

// randDims is the position of rand's dims, which asks for a tensor.
const randDims = 8

func random() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "rand",
			Binding: types.Named,
			Params: []types.Param{
				may("rows", types.IntT, "1", "number of rows"),
				may("cols", types.IntT, "1", "number of columns"),
				may("min", types.Dbl, "0", "smallest value of the uniform distribution"),
				may("max", types.Dbl, "1", "bound of the uniform distribution"),
				may("sparsity", types.Dbl, "1", "probability of a cell not to be 0"),
				anyCase(word("pdf", "uniform", matrix.PDFs[:], "distribution")),
				may("lambda", types.Dbl, "1", "mean of the Poisson distribution"),
				may("seed", types.IntT, "-1", "seed; -1 draws one"),
				may("dims", types.Any, "", "gives a tensor instead of a matrix; "+dimsDoc),
			},
			Results:   []types.Type{types.Mat},
			ResultFor: randResult,
			Check: checks(checkRandDims,
				within("rand", "rows", 0, 0, math.Inf(1)), within("rand", "cols", 1, 0, math.Inf(1)),
				within("rand", "sparsity", 4, 0, 1)),
		},
		Aliases: []string{"Rand", "RAND"},
		Family:  construction,
		Doc: "A rows x cols matrix of random numbers. pdf is uniform between min and max, normal (standard normal) or poisson" +
			" with mean lambda; each cell is 0 with probability 1-sparsity. Equal seeds give equal matrices, whatever the" +
			" number of threads; without a seed, or with -1, the run's own seed decides. With dims the result is a tensor, whose cells" +
			" are those of a matrix of one row.",
		Example: `print(toString(rand(rows=1, cols=3, seed=7), decimal=6))  # 0.453244 0.015920 0.086066`,
		Shape:   randShape,
		Lower: func(args []types.Type, has []bool) (Lowering, bool) {
			if has[5] || has[randDims] {
				return Lowering{}, false // the distribution is an argument, or the result is no matrix
			}
			return Lowering{Op: op.Rand, Aux: op.Random{PDF: "uniform"}, Args: []Operand{
				{Arg: 0, Lit: int64(1)}, {Arg: 1, Lit: int64(1)}, {Arg: 2, Lit: 0.0}, {Arg: 3, Lit: 1.0},
				{Arg: 4, Lit: 1.0}, {Arg: 6, Lit: 1.0}, {Arg: 7, Lit: int64(-1)},
			}}, true
		},
		Call: callRand,
	}
}

func callRand(a *exec.Args) ([]value.Value, error) {
	rows, cols, err := dims(a, 0, 1, 1, 1)
	if err != nil {
		return nil, err
	}
	spec := matrix.RandSpec{Rows: rows, Cols: cols}
	for _, p := range []struct {
		at  int
		def float64
		to  *float64
	}{{2, 0, &spec.Min}, {3, 1, &spec.Max}, {4, 1, &spec.Sparsity}, {6, 1, &spec.Lambda}} {
		if *p.to, err = a.Float(p.at, p.def); err != nil {
			return nil, err
		}
	}
	pdf, err := a.Str(5, "uniform")
	if err != nil {
		return nil, err
	}
	at := slices.Index(matrix.PDFs[:], strings.ToLower(pdf))
	if at < 0 {
		return nil, badWord(a, 5, pdf, matrix.PDFs[:]...)
	}
	spec.PDF = matrix.PDF(at)
	if spec.Seed, err = seed(a, 7); err != nil {
		return nil, err
	}
	if a.Has(randDims) {
		return randTensor(a, spec)
	}
	m, err := matrix.Rand(a.M.Mat(), spec)
	return result(a, m, err)
}

// seed returns the seed at argument i, or the machine's next one for -1 and none.
func seed(a *exec.Args, i int) (int64, error) {
	s, err := a.Int(i, -1)
	if err == nil && s == -1 {
		s = a.M.NextSeed()
	}
	return s, err
}

func sample() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "sample",
			Params: []types.Param{
				need("range", types.IntT, "largest number"),
				need("size", types.IntT, "how many are drawn"),
				may("replace", types.Any, "FALSE", "draw with replacement (boolean); or the seed (number)"),
				may("seed", types.IntT, "-1", "seed; -1 draws one"),
			},
			Results: []types.Type{types.Mat},
			Check:   checks(takesAt("sample", 2, number), within("sample", "range", 0, 1, math.Inf(1)), within("sample", "size", 1, 0, math.Inf(1)), sampleSize),
		},
		Family: construction,
		Doc: "Draws size numbers out of 1..range, size x 1. Without replacement, the default, size must not exceed range. A third" +
			" argument that is a boolean says whether to replace, one that is a number is the seed. Equal seeds give equal samples.",
		Example: `print(t(sample(10, 5, 7)))  # 1.000 10.000 3.000 4.000 2.000`,
		Shape:   gives(func(in []op.Shape) (int64, int64) { return size(in, 1), 1 }),
		Call:    callSample,
	}
}

func sampleSize(c types.Call) []types.Problem {
	limit, known := literal(c, 0)
	n, knowSize := literal(c, 1)
	replace, knowReplace := c.Literal(2)
	if _, isBool := replace.(bool); known && knowSize && n > limit && (!c.Has(2) || knowReplace && (!isBool || replace == false)) {
		return problem(1, "pass TRUE as third argument to draw with replacement", "sample: %v numbers out of %v cannot be drawn without replacement", n, limit)
	}
	return nil
}

func callSample(a *exec.Args) ([]value.Value, error) {
	limit, err := a.Int(0, 0)
	if err != nil {
		return nil, err
	}
	n, err := a.Int(1, 0)
	if err != nil {
		return nil, err
	}
	replace, isBool := arg(a, 2).(bool)
	at := 3
	if a.Has(2) && !isBool {
		at = 2
	}
	s, err := seed(a, at)
	if err != nil {
		return nil, err
	}
	m, err := matrix.Sample(a.M.Mat(), limit, n, replace, s)
	return result(a, m, err)
}
