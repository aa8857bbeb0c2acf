package matrix

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gdml/runtime/cell"
)

// Einsum is a parsed Einstein summation: the letters of every operand and of the result, at most
// two each. Letters that the result lacks are summed over.
type Einsum struct {
	In  []string
	Out string
}

// ParseEinsum reads an equation such as ij,jk->ik. Spaces do not count.
func ParseEinsum(eq string) (*Einsum, error) {
	left, right, ok := strings.Cut(strings.ReplaceAll(eq, " ", ""), "->")
	if !ok {
		return nil, fmt.Errorf("einsum: the equation %q has no ->", eq)
	}
	e := &Einsum{In: strings.Split(left, ","), Out: right}
	for i, s := range append(slices.Clone(e.In), e.Out) {
		out := i == len(e.In)
		for _, r := range s {
			switch {
			case r < 'A' || r > 'z' || r > 'Z' && r < 'a':
				return nil, fmt.Errorf("einsum: %q in the equation %q is no letter", r, eq)
			case out && !strings.ContainsRune(left, r):
				return nil, fmt.Errorf("einsum: letter %c of the result is in no operand of %q", r, eq)
			}
		}
		switch {
		case len(s) > 2:
			return nil, fmt.Errorf("einsum: %s in the equation %q has more than two letters", s, eq)
		case len(s) == 0 && !out:
			return nil, fmt.Errorf("einsum: an operand of the equation %q has no letters", eq)
		case out && len(s) == 2 && s[0] == s[1]:
			return nil, fmt.Errorf("einsum: the result of the equation %q names a letter twice", eq)
		}
	}
	return e, nil
}

// Dims returns the length of every letter for operands of the given dimensions; unknown
// ones are negative. The error tells of lengths that differ.
func (e *Einsum) Dims(dims [][2]int64) (map[byte]int64, error) {
	if len(dims) != len(e.In) {
		return nil, fmt.Errorf("einsum: the equation has %d operands, but %d are passed", len(e.In), len(dims))
	}
	of := map[byte]int64{}
	for i, s := range e.In {
		for k := range len(s) {
			n := dims[i][k]
			old, ok := of[s[k]]
			if ok && old >= 0 && n >= 0 && old != n {
				return nil, fmt.Errorf("einsum: letter %c has length %d and %d", s[k], old, n)
			}
			if !ok || n >= 0 {
				of[s[k]] = n
			}
		}
		if len(s) == 1 && dims[i][1] >= 0 && dims[i][1] != 1 {
			return nil, fmt.Errorf("einsum: operand %d has one letter and must be a column vector, not %dx%d", i+1, dims[i][0], dims[i][1])
		}
	}
	return of, nil
}

// term is a factor of a summation in progress: a matrix with two letters, a column vector
// with one, or a 1x1 matrix with none. No letter stands twice.
type term struct {
	letters string
	m       *Matrix
}

// Run computes the summation: a matrix, a column vector for one letter, 1x1 for none.
func (e *Einsum) Run(c *Ctx, ms ...*Matrix) (*Matrix, error) {
	var dims [][2]int64
	for _, m := range ms {
		dims = append(dims, [2]int64{int64(m.rows), int64(m.cols)})
	}
	of, err := e.Dims(dims)
	if err != nil {
		return nil, err
	}
	s := &summation{c: c, out: e.Out, dims: of}
	for i, m := range ms {
		t := term{e.In[i], m}
		if len(t.letters) == 2 && t.letters[0] == t.letters[1] {
			d, err := Diag(c, m)
			if err != nil {
				return nil, err
			}
			t = term{t.letters[:1], d}
		}
		s.terms = append(s.terms, t)
	}
	return s.run()
}

// summation contracts terms two by two.
type summation struct {
	c     *Ctx
	out   string
	dims  map[byte]int64
	terms []term
}

func (s *summation) run() (*Matrix, error) {
	for {
		s.reduce()
		if !s.merge() {
			x, y := s.contractible()
			if x < 0 {
				break
			}
			if err := s.contract(x, y); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range s.terms {
		if strings.Trim(t.letters, s.out) != "" {
			return s.loop()
		}
	}
	return s.finish()
}

// count returns how many terms have a letter.
func (s *summation) count(letter byte) int {
	n := 0
	for _, t := range s.terms {
		if strings.IndexByte(t.letters, letter) >= 0 {
			n++
		}
	}
	return n
}

// summed reports whether the result lacks a letter.
func (s *summation) summed(letter byte) bool { return strings.IndexByte(s.out, letter) < 0 }

// reduce sums over letters that only one term has.
func (s *summation) reduce() {
	for i := range s.terms {
		t := &s.terms[i]
		for len(t.letters) > 0 {
			k := slices.IndexFunc([]byte(t.letters), func(b byte) bool { return s.summed(b) && s.count(b) == 1 })
			if k < 0 {
				break
			}
			switch {
			case len(t.letters) == 1 || k == 0:
				t.m = AggCols(s.c, Sum, t.m)
				if len(t.letters) == 2 {
					t.m = Transpose(s.c, t.m)
				}
			default:
				t.m = AggRows(s.c, Sum, t.m)
			}
			t.letters = t.letters[:k] + t.letters[k+1:]
		}
	}
}

// merge multiplies two terms cell by cell if one has no letters but those of the other. It
// reports whether there were such.
func (s *summation) merge() bool {
	for i, a := range s.terms {
		for j, b := range s.terms {
			if i == j || strings.Trim(b.letters, a.letters) != "" {
				continue
			}
			m := b.m
			if len(b.letters) == 2 && a.letters != b.letters || len(b.letters) == 1 && len(a.letters) == 2 && a.letters[1] == b.letters[0] {
				m = Transpose(s.c, m)
			}
			var out *Matrix
			if len(b.letters) == 0 {
				out = Scalar(s.c, cell.Mul, a.m, m.At(0, 0), false, false)
			} else {
				var err error
				if out, err = Binary(s.c, cell.Mul, a.m, m, ReuseNone); err != nil {
					return false // cannot be: Dims has compared the lengths
				}
			}
			s.terms[i].m = out
			s.terms = slices.Delete(s.terms, j, j+1)
			return true
		}
	}
	return false
}

// contractible finds two matrices that share a summed letter which no other term has.
func (s *summation) contractible() (int, int) {
	for i, a := range s.terms {
		for k := range len(a.letters) {
			if !s.summed(a.letters[k]) || s.count(a.letters[k]) != 2 {
				continue
			}
			for j := i + 1; j < len(s.terms); j++ {
				if strings.IndexByte(s.terms[j].letters, a.letters[k]) >= 0 {
					return i, j
				}
			}
		}
	}
	return -1, -1
}

// contract replaces matrices ax and xb by their product ab.
func (s *summation) contract(i, j int) error {
	a, b := s.terms[i], s.terms[j]
	x := a.letters[strings.IndexAny(a.letters, b.letters)]
	left, right := a.m, b.m
	if a.letters[0] == x {
		left = Transpose(s.c, left)
	}
	if b.letters[0] != x {
		right = Transpose(s.c, right)
	}
	m, err := MatMul(s.c, left, right)
	if err != nil {
		return err
	}
	cut := func(t term) string { return strings.ReplaceAll(t.letters, string(x), "") }
	s.terms[i] = term{cut(a) + cut(b), m}
	s.terms = slices.Delete(s.terms, j, j+1)
	return nil
}

// finish puts together what is left: all letters are those of the result and no term has another's.
func (s *summation) finish() (*Matrix, error) {
	t := s.terms[0]
	if len(s.terms) == 2 {
		m, err := Outer(s.c, cell.Mul, t.m, Transpose(s.c, s.terms[1].m))
		if err != nil {
			return nil, err
		}
		t = term{t.letters + s.terms[1].letters, m}
	}
	if len(t.letters) == 2 && t.letters != s.out {
		return Transpose(s.c, t.m), nil
	}
	return t.m.Retain(), nil
}

// loop computes the summation cell by cell, over all letters. It serves the forms that are
// no chain of products, such as ij,jk,ki->.
func (s *summation) loop() (*Matrix, error) {
	letters := []byte(s.out)
	for _, t := range s.terms {
		for _, b := range []byte(t.letters) {
			if !slices.Contains(letters, b) {
				letters = append(letters, b)
			}
		}
	}
	steps := 1.0
	for _, b := range letters {
		steps *= float64(s.dims[b])
	}
	if steps > 1<<40 {
		return nil, errors.New("einsum: the operands are too large for this equation")
	}
	rows, cols := 1, 1
	if len(s.out) > 0 {
		rows = int(s.dims[s.out[0]])
	}
	if len(s.out) > 1 {
		cols = int(s.dims[s.out[1]])
	}
	out := New(s.c, rows, cols)
	at := map[byte]int{}
	var walk func(k int)
	walk = func(k int) {
		if k < len(letters) {
			for i := range int(s.dims[letters[k]]) {
				at[letters[k]] = i
				walk(k + 1)
			}
			return
		}
		v := 1.0
		for _, t := range s.terms {
			var p [2]int
			for i, b := range []byte(t.letters) {
				p[i] = at[b]
			}
			v *= t.m.At(p[0], p[1])
		}
		i, j := 0, 0
		if len(s.out) > 0 {
			i = at[s.out[0]]
		}
		if len(s.out) > 1 {
			j = at[s.out[1]]
		}
		out.dense[i*cols+j] += v
	}
	walk(0)
	return Compact(s.c, out), nil
}
