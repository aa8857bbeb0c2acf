package builtins

import (
	"errors"
	"fmt"
	"strings"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/lambda"
	"gdml/runtime/transform"
	"gdml/runtime/value"
)

func mapRow() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "map",
			Params: []types.Param{need("F", types.FrameT, "frame, n x m"), need("expr", types.Str, "lambda of one or two parameters"),
				may("margin", types.IntT, "0", "what the lambda is given: 0 cells, 1 the array of a row, 2 the array of a column")},
			Results: []types.Type{types.FrameT},
			Check:   checks(within("map", "margin", 2, 0, 2), checkLambda),
		},
		Family: transforms,
		Doc: "The results of a lambda such as \"x -> x.trim().toLowerCase()\", a frame of strings, n x m. Cells are strings, missing ones stay" +
			" missing. With margin 1 or 2 the lambda takes and gives an array with a string, or null, for each cell of a row or column." +
			" \"(x, y) -> ...\" takes all pairs of cells of a single column and gives n x n; UtilFunctions.jaccardSim(x, y) fills the upper" +
			" triangle alone. Expressions are those of Java on strings, numbers, characters and arrays: + - * / % comparison && || ! ?:" +
			" concatenation, indexing, casts, new String[]{...}, methods of strings (trim, toLowerCase, length, charAt, substring, replace," +
			" replaceAll, split, equals, contains, matches, ...), Math, Integer, Double, String and so on, PorterStemmer.stem, and" +
			" UtilFunctions (toMillis, dateFormat, addTimeToDate, getTimestamp, isDateColumn, getDominantDateFormat, splitRecodeEntry," +
			" getAsciiAtIdx, jaccardSim, getWordErrorRate, ...). == compares strings by what they hold. Two routines take whole columns and have" +
			" no arrow: UtilFunctions.syntacticalPatternDiscovery(threshold, value) puts value for cells that do not have the pattern of more" +
			" than a share threshold of their column, and UtilFunctions.exponentialMovingAverageImputation(iterations;mode;frequency;alpha;beta;gamma)" +
			" smooths columns of numbers, mode single, double or triple.",
		Example: `print(map(frame(list("Ab", "cde"), rows=1, cols=2), "x -> x.toLowerCase() + x.length()"))  # # FRAME: nrow = 1, ncol = 2 / # C1 C2 / # STRING STRING / ab2 cde3`,
		Pure:    true,
		Shape:   mapShape,
		Call:    callMap,
	}
}

// mapShape keeps the size, except for pairs.
func mapShape(in []op.Shape) ([]op.Shape, error) {
	expr, _ := shapeAt(in, 1).Val.(string)
	if fn, err := lambda.Parse(expr); err != nil || fn.Arity() != 1 {
		return []op.Shape{op.Dims(op.Unknown, op.Unknown)}, nil
	}
	return []op.Shape{op.Dims(in[0].Rows, in[0].Cols)}, nil
}

// The routines that are called without an arrow.
const (
	patternRoutine = "syntacticalPatternDiscovery("
	smoothRoutine  = "exponentialMovingAverageImputation("
)

// routine returns what stands in the parentheses of a call of one of the routines; ok is
// false for any other text.
func routine(expr, name string) (args string, ok bool) {
	s := strings.TrimPrefix(strings.TrimSpace(expr), "UtilFunctions.")
	if s, ok = strings.CutPrefix(s, name); !ok {
		return "", false
	}
	return strings.CutSuffix(s, ")")
}

// patternArgs reads the threshold and the replacement of the pattern routine.
func patternArgs(args string) (threshold float64, replacement string, err error) {
	t, r, ok := strings.Cut(args, ",")
	threshold, number := parseNumber(strings.TrimSpace(t))
	if !ok || !number || !(threshold >= 0 && threshold <= 1) {
		return 0, "", fmt.Errorf("syntacticalPatternDiscovery needs a threshold between 0 and 1 and a value, not %q", args)
	}
	r = strings.TrimSpace(r)
	if len(r) > 1 && (r[0] == '"' || r[0] == '\'') && r[len(r)-1] == r[0] {
		r = r[1 : len(r)-1]
	}
	return threshold, r, nil
}

// checkLambda reads a literal lambda.
func checkLambda(c types.Call) []types.Problem {
	lit, _ := c.Literal(1)
	text, ok := lit.(string)
	if !ok {
		return nil
	}
	if args, ok := routine(text, patternRoutine); ok {
		if _, _, err := patternArgs(args); err != nil {
			return problem(1, "", "map: %v", err)
		}
		return nil
	}
	if args, ok := routine(text, smoothRoutine); ok {
		if _, err := transform.ParseSmoothing(args); err != nil {
			return problem(1, "", "map: %v", err)
		}
		return nil
	}
	_, err := lambda.Parse(text)
	var fault *lambda.SyntaxError
	if errors.As(err, &fault) {
		return problem(1, fault.Hint, "map: expression, character %d: %s", fault.At, fault.Msg)
	}
	return nil
}

func callMap(a *exec.Args) ([]value.Value, error) {
	f, err := frameArg(a, 0)
	if err != nil {
		return nil, err
	}
	expr, err := a.Str(1, "")
	if err != nil {
		return nil, err
	}
	margin, err := a.Int(2, 0)
	if err != nil {
		return nil, err
	}
	out, err := mapFrame(f, expr, margin)
	if err != nil {
		return nil, named(a, err)
	}
	return one(out)
}

func mapFrame(f *frame.Frame, expr string, margin int64) (*frame.Frame, error) {
	if args, ok := routine(expr, patternRoutine); ok {
		threshold, replacement, err := patternArgs(args)
		if err != nil {
			return nil, err
		}
		return transform.Dominant(f, threshold, replacement)
	}
	if args, ok := routine(expr, smoothRoutine); ok {
		s, err := transform.ParseSmoothing(args)
		if err != nil {
			return nil, err
		}
		return s.Smooth(f)
	}
	fn, err := lambda.Parse(expr)
	if err != nil {
		return nil, err
	}
	switch {
	case margin < 0 || margin > 2:
		return nil, fmt.Errorf("margin must be 0, 1 or 2, not %d", margin)
	case fn.Arity() == 2:
		return mapPairs(f, fn)
	case margin == 0:
		return mapCells(f, fn)
	}
	return mapArrays(f, fn, margin == 1)
}

// cellOf returns a cell as lambdas see it: its text, or nil.
func cellOf(c *frame.Column, i int) any {
	if c.IsMissing(i) {
		return nil
	}
	return value.CellText(c, i)
}

// store puts the result of a lambda into cell i of a string column.
func store(c *frame.Column, i int, v any) {
	if v == nil {
		c.SetMissing(i)
		return
	}
	c.Strs[i] = lambda.Text(v)
}

// stringColumns returns columns of empty strings without names.
func stringColumns(rows, cols int) []frame.Column {
	out := make([]frame.Column, cols)
	for j := range out {
		out[j] = frame.NewColumn("", frame.String, rows)
	}
	return out
}

func mapCells(f *frame.Frame, fn *lambda.Func) (*frame.Frame, error) {
	cols := stringColumns(f.Rows(), f.Cols())
	for j := range cols {
		src := f.Column(j)
		for i := range f.Rows() {
			v := cellOf(src, i)
			if v != nil {
				out, err := fn.Call(v)
				if err != nil {
					return nil, fmt.Errorf("row %d, column %d (%q): %w", i+1, j+1, v, err)
				}
				v = out
			}
			store(&cols[j], i, v)
		}
	}
	return frame.New(f.Rows(), cols)
}

// mapArrays hands rows or columns to a lambda as arrays.
func mapArrays(f *frame.Frame, fn *lambda.Func, rows bool) (*frame.Frame, error) {
	cols := stringColumns(f.Rows(), f.Cols())
	n, across, what := f.Cols(), f.Rows(), "column"
	if rows {
		n, across, what = across, n, "row"
	}
	for k := range n {
		in := make([]any, across)
		for l := range in {
			i, j := l, k
			if rows {
				i, j = k, l
			}
			in[l] = cellOf(f.Column(j), i)
		}
		v, err := fn.Call(in)
		if err != nil {
			return nil, fmt.Errorf("%s %d: %w", what, k+1, err)
		}
		out, ok := v.([]any)
		if !ok || len(out) != across {
			return nil, fmt.Errorf("%s %d: the lambda must give an array of %d items, for example \"new String[]{...}\", not %s", what, k+1, across, describe(v))
		}
		for l, v := range out {
			if rows {
				store(&cols[l], k, v)
			} else {
				store(&cols[k], l, v)
			}
		}
	}
	return frame.New(f.Rows(), cols)
}

func describe(v any) string {
	if a, ok := v.([]any); ok {
		return fmt.Sprintf("one of %d", len(a))
	}
	return fmt.Sprintf("%q", lambda.Text(v))
}

// mapPairs computes a lambda of two parameters for all pairs of cells of one column.
func mapPairs(f *frame.Frame, fn *lambda.Func) (*frame.Frame, error) {
	if f.Cols() != 1 {
		return nil, fmt.Errorf("a lambda of two parameters needs a frame of one column, not a %s", f)
	}
	n := f.Rows()
	upper := fn.Outer() == "UtilFunctions.jaccardSim"
	cols := stringColumns(n, n)
	src := f.Column(0)
	for i := range n {
		for j := range n {
			x, y := cellOf(src, i), cellOf(src, j)
			switch {
			case upper && j <= i:
				store(&cols[j], i, 0.0)
			case x == nil || y == nil:
				store(&cols[j], i, nil)
			default:
				v, err := fn.Call(x, y)
				if err != nil {
					return nil, fmt.Errorf("rows %d and %d: %w", i+1, j+1, err)
				}
				store(&cols[j], i, v)
			}
		}
	}
	return frame.New(n, cols)
}
