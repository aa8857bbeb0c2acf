package hop

import (
	"strings"

	"gdml/runtime/cell"
)

// Chain is the Aux of Cells and SumCells: what is done to matching cells of the inputs, in
// order. The result is that of the last link.
type Chain struct {
	Links  []Link
	Square bool // SumCells adds the squares of the result
}

// Link is one operator of a chain. Operands count the inputs of the node first, then the
// results of the links before this one.
type Link struct {
	F1   *cell.Unary  // of A; or
	F2   *cell.Binary // of A and B
	A, B int
}

// Sampled is the Aux of Sampled: the product of the first two inputs, of the second's
// transpose if Trans, and a chain over it. Operands of the chain count the inputs after
// these two first, then the product, then the results of links.
type Sampled struct {
	Chain
	Trans bool
}

// Transposed reports whether the product takes the transpose of the second input.
func (s *Sampled) Transposed() bool { return s.Trans }

// Name lists the operators, after t if the second factor is transposed.
func (s *Sampled) Name() string {
	if s.Trans {
		return "t " + s.Chain.Name()
	}
	return s.Chain.Name()
}

// Name lists the operators.
func (c *Chain) Name() string {
	names := make([]string, len(c.Links))
	for i, l := range c.Links {
		if l.F1 != nil {
			names[i] = l.F1.Name
		} else {
			names[i] = l.F2.Name
		}
	}
	if c.Square {
		names = append(names, "sq")
	}
	return strings.Join(names, " ")
}

// Replay gives the links of c, over the operands at, to add, which returns the operand that a
// link has become, and returns the last of these.
func (c *Chain) Replay(at []int, add func(Link) int) int {
	for _, l := range c.Links {
		l.A = at[l.A]
		if l.F2 != nil {
			l.B = at[l.B]
		}
		at = append(at, add(l))
	}
	return at[len(at)-1]
}

// fits reports whether all operands of c exist in a node of n inputs.
func (c *Chain) fits(n int) bool {
	for i, l := range c.Links {
		if (l.F1 == nil) == (l.F2 == nil) || l.A < 0 || l.A >= n+i || l.B < 0 || l.F2 != nil && l.B >= n+i {
			return false
		}
	}
	return len(c.Links) > 0
}
