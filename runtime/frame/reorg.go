package frame

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Names returns the column names.
func (f *Frame) Names() []string {
	out := make([]string, len(f.cols))
	for j := range f.cols {
		out[j] = f.cols[j].Name
	}
	return out
}

// Kinds returns the column types.
func (f *Frame) Kinds() []Kind {
	out := make([]Kind, len(f.cols))
	for j := range f.cols {
		out[j] = f.cols[j].Kind
	}
	return out
}

// unnamed reports whether all columns of f have the names that New gives, C1, C2, ...
func (f *Frame) unnamed() bool {
	for j := range f.cols {
		if f.cols[j].Name != defaultName(j) {
			return false
		}
	}
	return true
}

func defaultName(j int) string { return fmt.Sprintf("C%d", j+1) }

// Slice returns rows r0..r1-1 and columns c0..c1-1 (0-based) with their names and types.
// The columns of a frame without names of its own are counted anew.
func (f *Frame) Slice(r0, r1, c0, c1 int) (*Frame, error) {
	if r0 < 0 || r1 > f.rows || r0 >= r1 || c0 < 0 || c1 > len(f.cols) || c0 >= c1 {
		return nil, fmt.Errorf("frame index [%d:%d,%d:%d] is outside the %s", r0+1, r1, c0+1, c1, f)
	}
	cols := make([]Column, c1-c0)
	for j := range cols {
		cols[j] = f.cols[c0+j].slice(r0, r1)
	}
	if c0 > 0 && f.unnamed() {
		for j := range cols {
			cols[j].Name = defaultName(j)
		}
	}
	return &Frame{rows: r1 - r0, cols: cols}, nil
}

func (c *Column) slice(lo, hi int) Column {
	s := Column{Name: c.Name, Kind: c.Kind, Meta: c.Meta}
	switch c.Kind.Store() {
	case Strs:
		s.Strs = c.Strs[lo:hi:hi]
	case Bools:
		s.Bools = c.Bools[lo:hi:hi]
	case Ints:
		s.Ints = c.Ints[lo:hi:hi]
	default:
		s.Nums = c.Nums[lo:hi:hi]
	}
	if c.Missing != nil {
		s.Missing = c.Missing[lo:hi:hi]
	}
	return s
}

// clone returns a column with cells of its own.
func (c *Column) clone() Column {
	d := NewColumn(c.Name, c.Kind, c.Len())
	d.Meta = c.Meta
	d.copyFrom(c, 0)
	return d
}

// copyFrom overwrites the cells from at on with those of s, which has the same kind.
func (c *Column) copyFrom(s *Column, at int) {
	copy(c.Strs[min(at, len(c.Strs)):], s.Strs)
	copy(c.Bools[min(at, len(c.Bools)):], s.Bools)
	copy(c.Ints[min(at, len(c.Ints)):], s.Ints)
	copy(c.Nums[min(at, len(c.Nums)):], s.Nums)
	for i := range s.Len() {
		if s.IsMissing(i) {
			c.SetMissing(at + i)
		} else if c.Missing != nil {
			c.Missing[at+i] = false
		}
	}
}

// Assign returns a copy of f whose block with upper left corner (r0, c0), 0-based,
// is replaced by g. Columns keep their names, and their types unless numbers do not
// fit into one of numbers or booleans: it grows. text is how a cell of another type is
// written before it is parsed, number the syntax of doubles.
func (f *Frame) Assign(r0, c0 int, g *Frame, text func(any) string, number func(string) (float64, bool)) (*Frame, error) {
	if r0 < 0 || c0 < 0 || r0+g.rows > f.rows || c0+len(g.cols) > len(f.cols) {
		return nil, fmt.Errorf("a %s does not fit at row %d, column %d of the %s", g, r0+1, c0+1, f)
	}
	out := &Frame{rows: f.rows, cols: append([]Column(nil), f.cols...)}
	for j := range g.cols {
		src, dst := &g.cols[j], f.cols[c0+j].clone()
		if src.Kind == dst.Kind {
			dst.copyFrom(src, r0)
		} else if err := dst.convertFrom(src, r0, text, number); err != nil {
			wide, err2 := f.cols[c0+j].widened(src, r0, text, number)
			if err2 != nil {
				return nil, fmt.Errorf("column %d of the frame: %w", c0+j+1, err)
			}
			dst = wide
		}
		out.cols[c0+j] = dst
	}
	return out, nil
}

// widened is a copy of c of a type that numbers of s fit into as well, with those from at on.
func (c *Column) widened(s *Column, at int, text func(any) string, number func(string) (float64, bool)) (Column, error) {
	k := common(c.Kind, s.Kind)
	if k == c.Kind || !slices.Contains(widening, k) {
		return Column{}, errors.New("no wider type")
	}
	d, err := c.Convert(k, text, number)
	if err == nil {
		err = d.convertFrom(s, at, text, number)
	}
	return d, err
}

func (c *Column) convertFrom(s *Column, at int, text func(any) string, number func(string) (float64, bool)) error {
	for i := range s.Len() {
		if err := c.Put(at+i, s.Value(i), text, number); err != nil {
			return err
		}
	}
	return nil
}

// Put stores a cell of any type in cell i of a column under construction; nil is
// missing. A boolean counts as 1 or 0 in a column of numbers, a number as true in one of
// booleans if it is 1 and as false if it is 0. All else goes through text, how a cell is
// written, and Parse.
func (c *Column) Put(i int, v any, text func(any) string, number func(string) (float64, bool)) error {
	store := c.Kind.Store()
	switch v := v.(type) {
	case nil:
		c.SetMissing(i)
		return nil
	case bool:
		if store == Ints || store == Nums {
			return c.Parse(i, digit(v), number)
		}
	case float64:
		if store == Bools && (v == 0 || v == 1) {
			return c.Parse(i, digit(v == 1), number)
		}
	}
	return c.Parse(i, text(v), number)
}

func digit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// CBind returns the columns of all frames side by side with their names, or without names
// where one would occur twice.
func CBind(fs ...*Frame) (*Frame, error) {
	var cols []Column
	for _, f := range fs {
		if f.rows != fs[0].rows {
			return nil, fmt.Errorf("cbind needs equally many rows: a %s and a %s", fs[0], f)
		}
		cols = append(cols, f.cols...)
	}
	seen := make(map[string]bool, len(cols))
	for j := range cols {
		seen[cols[j].Name] = true
	}
	for j := range cols {
		if len(seen) < len(cols) {
			cols[j].Name = ""
		}
	}
	return New(fs[0].rows, cols)
}

// RBind returns the rows of all frames below each other, with the names of the first and the
// types that hold the cells of all. Cells of other types are converted as by Put, booleans
// beside text to true and false.
func RBind(text func(any) string, number func(string) (float64, bool), fs ...*Frame) (*Frame, error) {
	small := func(v any) string {
		if b, ok := v.(bool); ok {
			return strconv.FormatBool(b)
		}
		return text(v)
	}
	rows := 0
	for _, f := range fs {
		if len(f.cols) != len(fs[0].cols) {
			return nil, fmt.Errorf("rbind needs equally many columns: a %s and a %s", fs[0], f)
		}
		rows += f.rows
	}
	cols := make([]Column, len(fs[0].cols))
	for j := range cols {
		first, kind := &fs[0].cols[j], fs[0].cols[j].Kind
		for _, f := range fs[1:] {
			kind = common(kind, f.cols[j].Kind)
		}
		cols[j] = NewColumn(first.Name, kind, rows)
		cols[j].Meta = first.Meta
		at := 0
		for _, f := range fs {
			s := &f.cols[j]
			if s.Kind == kind {
				cols[j].copyFrom(s, at)
			} else if err := cols[j].convertFrom(s, at, small, number); err != nil {
				return nil, fmt.Errorf("rbind: column %d: %w", j+1, err)
			}
			at += f.rows
		}
	}
	return &Frame{rows: rows, cols: cols}, nil
}
