package builtins

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/value"
)

// schemaFuncs find, apply and enforce the types of columns.
func schemaFuncs() []*Func {
	f := need("F", types.FrameT, "frame, n x m")
	s := need("S", types.FrameT, "1 x m frame of type names, as detectSchema gives it")
	return []*Func{
		frameToFrame("detectSchema", []types.Param{f},
			"The narrowest type that holds all cells of each column, a 1 x m frame of strings: the first of BOOLEAN, INT32, INT64, FP32,"+
				" FP64, CHARACTER, HASH32, HASH64 and STRING that fits. ·n follows the type of a column with missing or empty cells, other than STRING; a column"+
				" of nothing else is UNKNOWN. A hash has all its 8 or 16 hexadecimal digits. Only columns of STRING and FP64 are looked through, others have their type.",
			`print(detectSchema(frame(list("1", "a", "2.5", "no"), rows=2, cols=2)))  # # FRAME: nrow = 1, ncol = 2 / # C1 C2 / # STRING STRING / FP32 STRING`,
			gives(func(in []op.Shape) (int64, int64) { return 1, in[0].Cols }), callDetectSchema),
		frameToFrame("applySchema", []types.Param{f, s},
			"F with its columns converted to the types of S; a suffix ·n of a type does not count. Empty cells become missing in columns"+
				" that are not strings. A cell that does not fit its type is an error: dropInvalidType makes such cells missing.",
			`F = frame(list("1", "a"), rows=1, cols=2); print(applySchema(F, detectSchema(F)))  # # FRAME: nrow = 1, ncol = 2 / # C1 C2 / # BOOLEAN CHARACTER / TRUE a`,
			sameAs(0), callApplySchema),
		frameToFrame("dropInvalidType", []types.Param{f, s},
			"F with every cell made missing that cannot be read as the type that S gives for its column. The types of the columns stay.",
			`print(dropInvalidType(frame(list("1", "a"), rows=2, cols=1), frame("INT32", rows=1, cols=1)))  # # FRAME: nrow = 2, ncol = 1 / # C1 / # STRING / 1 / null`,
			sameAs(0), callDropInvalidType),
		frameToFrame("dropInvalidLength", []types.Param{f, need("L", types.Any, "1 x m matrix of the largest numbers of characters, -1 for any")},
			"F with every cell made missing whose text is longer than L allows for its column.",
			`print(dropInvalidLength(frame(list("a", "abc"), rows=2, cols=1), matrix(2, 1, 1)))  # # FRAME: nrow = 2, ncol = 1 / # C1 / # STRING / a / null`,
			sameAs(0), callDropInvalidLength),
		frameToFrame("valueSwap", []types.Param{f, s},
			"F with cells swapped within a row where two of them fit the types that S gives for each other's columns, but not their own"+
				" ones. Columns are taken from left to right.",
			`F = frame(list("x", "1", "2", "y"), rows=2, cols=2); print(valueSwap(F, frame(list("STRING", "INT32"), rows=1, cols=2)))  # # FRAME: nrow = 2, ncol = 2 / # C1 C2 / # STRING STRING / x 1 / 2 y`,
			sameAs(0), callValueSwap),
		frameToFrame("freplicate", []types.Param{f, need("row", types.FrameT, "1 x m frame")},
			"A frame of as many rows as F, each of them row.",
			`print(freplicate(as.frame(matrix(0, 2, 1)), as.frame("a")))  # # FRAME: nrow = 2, ncol = 1 / # C1 / # STRING / a / a`,
			sameAs(0), callReplicate),
	}
}

// frameToFrame is a row of a pure function whose result is a frame.
func frameToFrame(name string, params []types.Param, doc, example string, shape shapeRule, call exec.Builtin) *Func {
	return &Func{
		Signature: types.Signature{Name: name, Params: params, Results: []types.Type{types.FrameT}},
		Family:    frames, Doc: doc, Example: example, Pure: true, Shape: shape, Call: call,
	}
}

// frameArg returns argument i as a frame.
func frameArg(a *exec.Args, i int) (*frame.Frame, error) {
	if f, ok := arg(a, i).(*frame.Frame); ok {
		return f, nil
	}
	return nil, fmt.Errorf("%s: %s must be a frame, not %s", a.Name, paramName(a, i), value.TypeOf(arg(a, i)))
}

// frameOf makes the one result of a builtin from columns.
func frameOf(a *exec.Args, rows int, cols []frame.Column) ([]value.Value, error) {
	f, err := frame.New(rows, cols)
	if err != nil {
		return nil, named(a, err)
	}
	return one(f)
}

func cellText(v any) string { return value.Text(v) }

// typeRow returns the frame at argument 0 and the types that the one at argument 1 names.
func typeRow(a *exec.Args) (*frame.Frame, []frame.Kind, error) {
	f, err := frameArg(a, 0)
	if err != nil {
		return nil, nil, err
	}
	s, err := frameArg(a, 1)
	if err != nil {
		return nil, nil, err
	}
	if s.Rows() != 1 || s.Cols() != f.Cols() {
		return nil, nil, fmt.Errorf("%s: the schema of a %s must be a 1x%d frame, not a %s", a.Name, f, f.Cols(), s)
	}
	kinds := make([]frame.Kind, f.Cols())
	for j := range kinds {
		word, _, _ := strings.Cut(value.CellText(s.Column(j), 0), frame.NullMark[:len("·")])
		k, ok := frame.ParseKind(word)
		if !ok {
			return nil, nil, fmt.Errorf("%s: %q is no type for column %d; the types are %s", a.Name, word, j+1, strings.Join(frame.KindNames(), ", "))
		}
		kinds[j] = k
	}
	return f, kinds, nil
}

func callDetectSchema(a *exec.Args) ([]value.Value, error) {
	f, err := frameArg(a, 0)
	if err != nil {
		return nil, err
	}
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		cols[j] = frame.NewColumn("", frame.String, 1)
		cols[j].Strs[0] = f.Column(j).Detect(cellText, parseNumber)
	}
	return frameOf(a, 1, cols)
}

func callApplySchema(a *exec.Args) ([]value.Value, error) {
	f, kinds, err := typeRow(a)
	if err != nil {
		return nil, err
	}
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		c, err := f.Column(j).Convert(kinds[j], cellText, parseNumber)
		if err != nil {
			return nil, fmt.Errorf("applySchema: column %d (%s): %w; dropInvalidType makes such cells missing", j+1, c.Name, err)
		}
		cols[j] = c
	}
	return frameOf(a, f.Rows(), cols)
}

// without returns c with the cells made missing that keep refuses; missing ones stay so.
func without(c *frame.Column, keep func(i int) bool) frame.Column {
	out := *c
	out.Missing = make([]bool, c.Len())
	for i := range out.Missing {
		out.Missing[i] = c.IsMissing(i) || !keep(i)
	}
	return out
}

// fits reports whether cell i of c can be read as type k. A boolean is also a number.
func fits(c *frame.Column, i int, k frame.Kind) bool {
	v := c.Value(i)
	one := frame.NewColumn("", k, 1)
	return v == nil || v == "" || one.Put(0, v, cellText, parseNumber) == nil
}

func callDropInvalidType(a *exec.Args) ([]value.Value, error) {
	f, kinds, err := typeRow(a)
	if err != nil {
		return nil, err
	}
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		c := f.Column(j)
		cols[j] = without(c, func(i int) bool { return fits(c, i, kinds[j]) })
	}
	return frameOf(a, f.Rows(), cols)
}

func callDropInvalidLength(a *exec.Args) ([]value.Value, error) {
	f, err := frameArg(a, 0)
	if err != nil {
		return nil, err
	}
	l, err := value.AsMatrix(arg(a, 1))
	if err != nil {
		return nil, named(a, err)
	}
	defer l.Release()
	if l.Rows() != 1 || l.Cols() != f.Cols() {
		return nil, fmt.Errorf("dropInvalidLength: the lengths for a %s must be 1x%d, not %s", f, f.Cols(), l)
	}
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		c, most := f.Column(j), l.At(0, j)
		cols[j] = without(c, func(i int) bool {
			return most < 0 || c.IsMissing(i) || float64(utf8.RuneCountInString(value.CellText(c, i))) <= most
		})
	}
	return frameOf(a, f.Rows(), cols)
}

func callValueSwap(a *exec.Args) ([]value.Value, error) {
	f, kinds, err := typeRow(a)
	if err != nil {
		return nil, err
	}
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		c, err := f.Column(j).Convert(frame.String, cellText, parseNumber)
		if err != nil {
			return nil, named(a, err)
		}
		c.Strs, c.Missing = slices.Clone(c.Strs), slices.Clone(c.Missing)
		cols[j] = c
	}
	for i := range f.Rows() {
		for j := range cols {
			swapRight(cols, kinds, i, j)
		}
	}
	for j := range cols {
		c, err := cols[j].Convert(f.Column(j).Kind, cellText, parseNumber)
		if err != nil {
			return nil, fmt.Errorf("valueSwap: column %d (%s), a %s column, cannot take a swapped cell: %w", j+1, c.Name, c.Kind, err)
		}
		cols[j] = c
	}
	return frameOf(a, f.Rows(), cols)
}

// swapRight swaps the misplaced cell of row i, column j with the first one to the right
// with which both become right.
func swapRight(cols []frame.Column, kinds []frame.Kind, i, j int) {
	if fits(&cols[j], i, kinds[j]) {
		return
	}
	for k := j + 1; k < len(cols); k++ {
		if cols[k].Value(i) != nil && !fits(&cols[k], i, kinds[k]) && fits(&cols[j], i, kinds[k]) && fits(&cols[k], i, kinds[j]) {
			cols[j].Strs[i], cols[k].Strs[i] = cols[k].Strs[i], cols[j].Strs[i]
			return
		}
	}
}

func callReplicate(a *exec.Args) ([]value.Value, error) {
	f, err := frameArg(a, 0)
	if err != nil {
		return nil, err
	}
	row, err := frameArg(a, 1)
	if err != nil {
		return nil, err
	}
	if row.Rows() != 1 || row.Cols() != f.Cols() {
		return nil, fmt.Errorf("freplicate: the row for a %s must be a 1x%d frame, not a %s", f, f.Cols(), row)
	}
	cols := make([]frame.Column, f.Cols())
	first := make([]int, f.Rows())
	for j := range cols {
		cols[j] = gather(row.Column(j), first, false)
		cols[j].Name = f.Column(j).Name
	}
	return frameOf(a, f.Rows(), cols)
}
