package hop

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// linear is a sum of int nodes with constant factors, plus k.
type linear struct {
	k    int64
	term map[*Node]int64
}

// distance returns hi - lo when it does not depend on anything unknown.
func distance(lo, hi *Node, of func(*Node) op.Shape) (int64, bool) {
	a, ok1 := linearOf(lo, of, 8)
	b, ok2 := linearOf(hi, of, 8)
	if !ok1 || !ok2 {
		return 0, false
	}
	d := b.plus(a, -1)
	for _, c := range d.term {
		if c != 0 {
			return 0, false
		}
	}
	return d.k, true
}

// linearOf reads n as a linear form over int nodes. depth bounds how far it looks into n.
func linearOf(n *Node, of func(*Node) op.Shape, depth int) (linear, bool) {
	if v, ok := number(of(n).Val); ok {
		const exact = 1 << 31 // products of two such numbers fit
		k := cell.ToInt(v)
		return linear{k: k}, float64(k) == v && k < exact && k > -exact
	}
	if n.Type != types.IntT {
		return linear{}, false
	}
	f, ok := n.Aux.(*cell.Binary)
	if n.Op != op.Cell2 || !ok || depth == 0 {
		return linear{term: map[*Node]int64{n: 1}}, true
	}
	a, ok1 := linearOf(n.In[0], of, depth-1)
	b, ok2 := linearOf(n.In[1], of, depth-1)
	switch {
	case !ok1 || !ok2:
	case f == cell.Add:
		return a.plus(b, 1), true
	case f == cell.Sub:
		return a.plus(b, -1), true
	case f == cell.Mul && len(a.term) == 0:
		return linear{}.plus(b, a.k), true
	case f == cell.Mul && len(b.term) == 0:
		return linear{}.plus(a, b.k), true
	}
	return linear{term: map[*Node]int64{n: 1}}, true
}

// plus returns a + c*b.
func (a linear) plus(b linear, c int64) linear {
	out := linear{k: a.k + c*b.k, term: map[*Node]int64{}}
	for n, v := range a.term {
		out.term[n] += v
	}
	for n, v := range b.term {
		out.term[n] += c * v
	}
	return out
}
