package builtins

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const frames = "Frames"

// frameFuncs make and describe frames. removeEmpty and replace in reorg.go take frames too.
func frameFuncs() []*Func {
	names := frameRow("colnames", "names", `print(colnames(as.frame(matrix(2, 1, 2))))  # # FRAME: nrow = 1, ncol = 2 / # C1 C2 / # STRING STRING / C1 C2`,
		func(c *frame.Column) string { return c.Name })
	names.Aliases = []string{"getNames"}
	return []*Func{newFrame(), names,
		frameRow("typeof", "types", `print(typeof(as.frame(matrix(2, 1, 2))))  # # FRAME: nrow = 1, ncol = 2 / # C1 C2 / # STRING STRING / INT32 INT32`,
			func(c *frame.Column) string { return c.Kind.String() })}
}

func newFrame() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "frame",
			Binding: types.Named,
			Params: []types.Param{
				need("data", types.Any, "scalar for every cell; or list of all cells row by row, of one row that is repeated, or of one cell"),
				need("rows", types.IntT, "number of rows"),
				need("cols", types.IntT, "number of columns"),
				may("schema", types.ListT, "", "column types, one for each column or one for all; STRING without it"),
			},
			Results: []types.Type{types.FrameT},
			Check: checks(takesAt("frame", 0, scalar|list2),
				within("frame", "rows", 1, 0, math.Inf(1)), within("frame", "cols", 2, 0, math.Inf(1))),
		},
		Family:  frames,
		Doc:     "A rows x cols frame. Cells are converted through text to the types of their columns: STRING, BOOLEAN, INT32, INT64, FP32, FP64, UINT4, UINT8, CHARACTER, HASH32, HASH64. Columns are called C1, C2, ...",
		Example: `print(frame(list("a", 1.5), rows=2, cols=2, schema=["STRING", "FP64"]))  # # FRAME: nrow = 2, ncol = 2 / # C1 C2 / # STRING FP64 / a 1.500 / a 1.500`,
		Pure:    true,
		Shape:   gives(func(in []op.Shape) (int64, int64) { return size(in, 1), size(in, 2) }),
		Call:    callFrame,
	}
}

func callFrame(a *exec.Args) ([]value.Value, error) {
	rows, cols, err := dims(a, 1, 2, 0, 0)
	if err != nil {
		return nil, err
	}
	kinds, err := schema(a, 3, cols)
	if err != nil {
		return nil, err
	}
	cells := []value.Value{arg(a, 0)}
	if l, ok := arg(a, 0).(*value.List); ok {
		cells = cells[:0]
		for i := range l.Len() {
			cells = append(cells, l.At(i))
		}
		if n := len(cells); n != rows*cols && n != cols && n != 1 {
			return nil, fmt.Errorf("frame: the list has %d cells, but %dx%d, one row of %d, or one cell are needed", n, rows, cols, cols)
		}
	}
	columns := make([]frame.Column, cols)
	for j := range columns {
		c := frame.NewColumn("", kinds[j], rows)
		for i := range rows {
			v := cells[(i*cols+j)%len(cells)]
			if value.TypeOf(v).Data != types.Scalar {
				return nil, fmt.Errorf("frame: cells must be scalars, not %s", value.TypeOf(v))
			}
			if err := c.Parse(i, value.Text(v), parseNumber); err != nil {
				return nil, fmt.Errorf("frame: row %d, column %d: %w", i+1, j+1, err)
			}
		}
		columns[j] = c
	}
	f, err := frame.New(rows, columns)
	if err != nil {
		return nil, named(a, err)
	}
	return one(f)
}

// schema reads the column types at argument i.
func schema(a *exec.Args, i, cols int) ([]frame.Kind, error) {
	kinds := make([]frame.Kind, cols)
	if !a.Has(i) {
		for j := range kinds {
			kinds[j] = frame.String
		}
		return kinds, nil
	}
	l, err := a.List(i)
	if err != nil {
		return nil, err
	}
	if l.Len() != cols && l.Len() != 1 {
		return nil, fmt.Errorf("%s: schema names %d types for %d columns", a.Name, l.Len(), cols)
	}
	for j := range kinds {
		w, _ := l.At(j % l.Len()).(string)
		k, ok := frame.ParseKind(w)
		if !ok {
			return nil, fmt.Errorf("%s: %q is no column type; the types are %s", a.Name, w, strings.Join(frame.KindNames(), ", "))
		}
		kinds[j] = k
	}
	return kinds, nil
}

// parseNumber is the syntax of doubles in frames.
func parseNumber(s string) (float64, bool) { return value.ParseNumber(s) }

// frameRow is the row of a function that says something about every column.
func frameRow(name, what, example string, of func(*frame.Column) string) *Func {
	return &Func{
		Signature: types.Signature{Name: name, Params: []types.Param{need("F", types.FrameT, "frame, n x m")}, Results: []types.Type{types.FrameT}},
		Family:    frames,
		Doc:       "The " + what + " of the columns of a frame, a 1 x m frame of strings.",
		Example:   example,
		Pure:      true,
		Shape:     gives(func(in []op.Shape) (int64, int64) { return 1, in[0].Cols }),
		Call: func(a *exec.Args) ([]value.Value, error) {
			f, ok := arg(a, 0).(*frame.Frame)
			if !ok {
				return nil, fmt.Errorf("%s: a frame is needed, not %s", name, value.TypeOf(arg(a, 0)))
			}
			columns := make([]frame.Column, f.Cols())
			for j := range columns {
				columns[j] = frame.NewColumn("", frame.String, 1)
				columns[j].Strs[0] = of(f.Column(j))
			}
			out, err := frame.New(1, columns)
			if err != nil {
				return nil, named(a, err)
			}
			return one(out)
		},
	}
}

// removeEmptyFrame drops the rows or columns whose cells are all missing or empty, or whose entry in sel is 0. Cells are
// empty as those of a matrix are, or without text.
func removeEmptyFrame(f *frame.Frame, rows bool, sel *matrix.Matrix, keepOne bool) (*frame.Frame, error) {
	n, across := f.Cols(), f.Rows()
	if rows {
		n, across = across, n
	}
	if sel != nil && (!sel.IsVector() || sel.Cells() != n) {
		return nil, fmt.Errorf("removeEmpty: select needs %d cells, not %s", n, sel)
	}
	var kept []int
	for k := range n {
		keep := false
		if sel != nil {
			keep = sel.Vector()[k] != 0
		}
		for l := 0; sel == nil && !keep && l < across; l++ {
			i, j := l, k
			if rows {
				i, j = k, l
			}
			keep = !emptyCell(f.Column(j).Value(i))
		}
		if keep {
			kept = append(kept, k)
		}
	}
	columns := make([]frame.Column, 0, f.Cols())
	count := f.Rows()
	for j := range f.Cols() {
		switch c := f.Column(j); {
		case rows:
			columns = append(columns, gather(c, kept, len(kept) == 0 && keepOne))
			count = columns[j].Len()
		case slices.Contains(kept, j):
			columns = append(columns, *c)
		}
	}
	if !rows && len(kept) == 0 && keepOne {
		empty := frame.NewColumn("", frame.String, f.Rows())
		for i := range f.Rows() {
			empty.SetMissing(i)
		}
		columns = append(columns, empty)
	}
	return frame.New(count, columns)
}

// emptyCell reports whether removeEmpty counts a cell as empty: missing, "", 0 or FALSE, also as the text "0".
func emptyCell(v any) bool {
	switch v {
	case nil, "", "0", int64(0), 0.0, false:
		return true
	}
	return false
}

// gather returns the cells of c at the rows kept, or a single empty one: missing text, 0 or FALSE.
func gather(c *frame.Column, kept []int, empty bool) frame.Column {
	if empty {
		out := frame.NewColumn(c.Name, c.Kind, 1)
		if c.Kind.Store() == frame.Strs {
			out.SetMissing(0)
		}
		return out
	}
	out := frame.NewColumn(c.Name, c.Kind, len(kept))
	for k, i := range kept {
		setCell(&out, k, c.Value(i))
	}
	return out
}

// setCell stores a value that the column's type holds; nil is missing.
func setCell(c *frame.Column, i int, v any) {
	switch v := v.(type) {
	case nil:
		c.SetMissing(i)
	case string:
		c.Strs[i] = v
	case bool:
		c.Bools[i] = v
	case int64:
		c.Ints[i] = v
	case float64:
		c.Nums[i] = v
	}
}

// replaceFrame replaces the cells whose text is that of the scalar pattern.
func replaceFrame(f *frame.Frame, pattern, replacement value.Value) (*frame.Frame, error) {
	from, to := value.Text(pattern), value.Text(replacement)
	if k, l := textKind(from), textKind(to); from != "" && to != "" && k != l {
		return nil, fmt.Errorf("replace: pattern and replacement must be of one type: %q is %s, %q is %s", from, k, to, l)
	}
	columns := make([]frame.Column, f.Cols())
	for j := range columns {
		c := f.Column(j)
		out := frame.NewColumn(c.Name, c.Kind, f.Rows())
		for i := range f.Rows() {
			v := c.Value(i)
			if v == nil || value.Text(v) != from {
				setCell(&out, i, v)
				continue
			}
			if err := out.Parse(i, to, parseNumber); err != nil {
				return nil, fmt.Errorf("replace: row %d of column %s: %w", i+1, c.Name, err)
			}
		}
		columns[j] = out
	}
	return frame.New(f.Rows(), columns)
}

// textKind is the type that a text reads as: BOOLEAN, INT64, FP64 or STRING.
func textKind(s string) frame.Kind {
	if b := strings.ToLower(s); b == "true" || b == "false" {
		return frame.Bool
	}
	for _, k := range []frame.Kind{frame.Int64, frame.FP64} {
		if frame.Fits(k, s, parseNumber) && (k == frame.FP64 || !strings.ContainsAny(s, ".eE")) {
			return k
		}
	}
	return frame.String
}
