package check

import (
	"math"
	"slices"

	"gdml/lang/ast"
	"gdml/lang/types"
)

// analysis decides whether iterations of one parfor depend on each other (language
// reference §11.3). Two different iterations i and i' are compared; loops inside the
// body run independently in both, and everything that the body does not assign has one
// value in both. Subscripts are written as polynomials (forms.go) and the tests are
// those of GCD and Banerjee's bounds. What cannot be disproved counts as dependent.
type analysis struct {
	c          *checker
	loop       *ast.For
	before     *env
	head       *env              // before, without the constants that the body may change
	aliases    map[string]string // variables of the body that are plain copies of a candidate
	candidates map[string]*candidate
	order      []string
	inner      map[string]interval // variables of loops in the body
	index      interval            // values of the parfor's variable
	step       int64               // distance of its values; 1 when not known
	locals     map[string]ast.Expr // variables of the body that are assigned once
	written    map[string]bool     // everything the body assigns
	replaced   map[string]bool     // what it assigns as a whole
	inCond     bool                // a condition is being looked at
}

// interval holds the values that a variable can have.
type interval struct{ lo, hi float64 }

var everything = interval{math.Inf(-1), math.Inf(1)}

func newAnalysis(c *checker, s *ast.For, before *env) *analysis {
	a := &analysis{
		c: c, loop: s, before: before.clone(),
		candidates: map[string]*candidate{}, inner: map[string]interval{},
		locals: map[string]ast.Expr{}, aliases: map[string]string{}, written: map[string]bool{}, replaced: map[string]bool{},
	}
	a.dropTemporaries()
	a.head = a.before.clone()
	a.head.vars[s.Var.Name] = variable{typ: types.IntT}
	forget(a.head, s.Body)
	a.collectWrites()
	a.atHead(func() Value {
		a.loops()
		return nil
	})
	a.collectUses()
	return a
}

// dropTemporaries takes out of the variables from before those that are temporaries of an
// earlier loop, and of this one too: the first mention in the body is an assignment.
func (a *analysis) dropTemporaries() {
	mentioned := map[string]bool{}
	for name, v := range a.before.vars {
		mentioned[name] = !v.leaked
	}
	eachStmt(a.loop.Body.Stmts, func(s ast.Stmt) {
		for _, x := range evaluated(s) {
			ast.Walk(x, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					mentioned[id.Name] = true
				}
				return true
			})
		}
		for _, w := range ownWrites(s) {
			if w.whole && !w.accum && !mentioned[w.name] {
				delete(a.before.vars, w.name)
			}
			mentioned[w.name] = true
		}
	})
}

// atHead evaluates constants as they are at the head of the loop, where nothing that the
// body assigns has one.
func (a *analysis) atHead(eval func() Value) Value {
	saved := a.c.scope.env
	a.c.scope.env = a.head
	v := eval()
	a.c.scope.env = saved
	return v
}

// loops finds the values of the parfor's variable and of those of the loops in its body.
// Loops with one variable name are taken together.
func (a *analysis) loops() {
	a.index, a.step = a.bounds(a.loop)
	eachStmt(a.loop.Body.Stmts, func(x ast.Stmt) {
		f, ok := x.(*ast.For)
		if !ok {
			return
		}
		b, _ := a.bounds(f)
		if old, ok := a.inner[f.Var.Name]; ok {
			b = interval{min(old.lo, b.lo), max(old.hi, b.hi)}
		}
		a.inner[f.Var.Name] = b
	})
}

// bounds finds the values of a loop variable: their range, and their distance.
func (a *analysis) bounds(s *ast.For) (interval, int64) {
	limit := func(e ast.Expr) (float64, bool) {
		f, ok := number(a.c.constant(e))
		if !ok {
			return 0, false
		}
		n, ok := truncate(f)
		return float64(n), ok
	}
	step := int64(1)
	if s.Incr != nil {
		if n, ok := limit(s.Incr); ok && n != 0 {
			step = int64(math.Abs(n))
		}
	}
	lo, ok1 := limit(s.From)
	hi, ok2 := limit(s.To)
	if !ok1 || !ok2 {
		return everything, step
	}
	return interval{min(lo, hi), max(lo, hi)}, step
}

// collectWrites sorts the assignments of the body.
func (a *analysis) collectWrites() {
	assigned := map[string]int{}
	for _, w := range writes(a.loop.Body.Stmts) {
		a.written[w.name] = true
		if w.loop {
			continue
		}
		assigned[w.name]++
		if w.whole {
			a.replaced[w.name] = true
		}
		if v, ok := a.before.vars[w.name]; ok && w.name != a.loop.Var.Name {
			a.candidate(w.name, v.typ).writes = append(a.candidate(w.name, v.typ).writes, w)
			continue
		}
		if w.whole && w.value != nil {
			a.locals[w.name] = w.value
		}
	}
	for name, x := range a.locals {
		if assigned[name] > 1 || a.looped(name) {
			delete(a.locals, name)
		} else if id, ok := ast.Unparen(x).(*ast.Ident); ok && a.candidates[id.Name] != nil {
			a.aliases[name] = id.Name
		}
	}
}

// looped reports whether name is the variable of a loop in the body.
func (a *analysis) looped(name string) bool {
	return slices.ContainsFunc(writes(a.loop.Body.Stmts), func(w write) bool { return w.loop && w.name == name })
}

func (a *analysis) candidate(name string, t types.Type) *candidate {
	v := a.candidates[name]
	if v == nil {
		v = &candidate{name: name, typ: t}
		a.candidates[name] = v
		a.order = append(a.order, name)
	}
	return v
}

// collectUses finds the accesses to the candidates. The size of a matrix is not among
// them: indexed assignment does not change it.
func (a *analysis) collectUses() {
	eachStmt(a.loop.Body.Stmts, func(s ast.Stmt) {
		for _, w := range ownWrites(s) {
			if w.index != nil {
				a.target(w)
			}
			if a.aliases[w.name] != "" {
				return // the copy is used instead
			}
		}
		switch s.(type) {
		case *ast.If, *ast.While, *ast.For:
			a.inCond = true
		}
		for _, x := range evaluated(s) {
			a.reads(x)
		}
		a.inCond = false
	})
}

func (a *analysis) target(w write) {
	if v := a.candidates[w.name]; v != nil {
		v.uses = append(v.uses, use{at: w.at, write: true, index: w.index})
	}
	if w.accum {
		a.reads(w.index)
		return
	}
	a.subscriptReads(w.index)
}

func (a *analysis) subscriptReads(x *ast.Index) {
	for _, d := range x.Dims {
		if d.Lo != nil {
			a.reads(d.Lo)
		}
		if d.Hi != nil {
			a.reads(d.Hi)
		}
	}
}

func (a *analysis) reads(e ast.Node) {
	ast.Walk(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Call:
			return !a.sizeOf(n)
		case *ast.Index:
			if v := a.origin(n.X.Name); v != nil {
				v.uses = append(v.uses, use{at: n.At, index: n, cond: a.inCond})
			}
			a.subscriptReads(n)
			return false
		case *ast.Ident:
			if v := a.origin(n.Name); v != nil {
				v.uses = append(v.uses, use{at: n.At, cond: a.inCond})
			}
		}
		return true
	})
}

// origin is the candidate that a name stands for: itself, or as a copy.
func (a *analysis) origin(name string) *candidate {
	if from := a.aliases[name]; from != "" {
		name = from
	}
	return a.candidates[name]
}

// sizeOf reports whether a call is nrow(x), ncol(x) or length(x) of a variable.
func (a *analysis) sizeOf(e *ast.Call) bool {
	t := a.c.info.Calls[e]
	if t == nil || t.Builtin == nil || len(e.Args) != 1 {
		return false
	}
	_, ok := ast.Unparen(e.Args[0].Value).(*ast.Ident)
	return ok && slices.Contains([]string{"nrow", "ncol", "length"}, t.Name)
}

// disjoint reports whether two accesses in different iterations cannot meet. One
// dimension in which they do not is enough.
func (a *analysis) disjoint(x, y *ast.Index) bool {
	for k := range 2 {
		if a.apart(a.dim(x, k), a.dim(y, k)) {
			return true
		}
	}
	return false
}

// dim is one subscript of an access.
type dim struct {
	all    bool   // everything, or nothing is known
	isLow  bool   // a range
	at     form   // the subscript, when it is a single one
	lo, hi []form // a range begins at or above every lo and ends at or below every hi
}

// dim returns subscript k of an access; a single subscript selects rows or list elements.
func (a *analysis) dim(x *ast.Index, k int) dim {
	if k >= len(x.Dims) || x.Dims[k].All() {
		return dim{all: true}
	}
	d := x.Dims[k]
	if d.Hi == nil {
		f, ok := a.form(d.Lo, 0)
		return dim{all: !ok, at: f}
	}
	r := dim{isLow: true, lo: a.limits(d.Lo, "max", 0), hi: a.limits(d.Hi, "min", 0)}
	r.all = len(r.lo) == 0 && len(r.hi) == 0
	return r
}

// limits returns forms that bound a range: of max(a, b) as lower bound both hold, of
// min(a, b) as upper bound too.
func (a *analysis) limits(e ast.Expr, fn string, depth int) []form {
	e = ast.Unparen(e)
	if id, ok := e.(*ast.Ident); ok && a.locals[id.Name] != nil && depth < maxDepth {
		return a.limits(a.locals[id.Name], fn, depth+1)
	}
	if call, ok := e.(*ast.Call); ok {
		if t := a.c.info.Calls[call]; t != nil && t.Builtin != nil && t.Name == fn {
			var fs []form
			for _, arg := range call.Args {
				fs = append(fs, a.limits(arg.Value, fn, depth+1)...)
			}
			return fs
		}
	}
	if f, ok := a.form(e, depth); ok {
		return []form{f}
	}
	return nil
}

// apart reports whether a subscript of iteration i and one of another iteration i' never
// select the same place.
func (a *analysis) apart(p, q dim) bool {
	if p.all || q.all {
		return false
	}
	if p.isLow && q.isLow && (a.moves(p) || a.moves(q)) {
		return a.sameMovingRange(p, q)
	}
	if p.isLow && a.moves(p) || q.isLow && a.moves(q) {
		return false
	}
	if a.ordered(p, q) || a.ordered(q, p) {
		return true
	}
	return a.noSolution(p, q)
}

// moves reports whether a range depends on the parfor's variable or on a loop in the body.
func (a *analysis) moves(d dim) bool {
	for _, f := range slices.Concat(d.lo, d.hi) {
		for m := range f.terms {
			if !a.isSymbol(m) {
				return true
			}
		}
	}
	return false
}

// sameMovingRange handles a range lo(i):hi(i) in both iterations: blocks are disjoint when
// both ends move by the same amount per iteration and that is more than hi - lo. A range
// is never empty, so hi - lo = a - c with c >= 1 settles it for a symbolic a too.
func (a *analysis) sameMovingRange(p, q dim) bool {
	if !sameForms(p.lo, q.lo) || !sameForms(p.hi, q.hi) {
		return false
	}
	for _, lo := range p.lo {
		for _, hi := range p.hi {
			slope, ok := a.slope(lo)
			other, ok2 := a.slope(hi)
			if !ok || !ok2 || !slope.equal(other) {
				continue
			}
			width := hi.minus(lo)
			if !a.fixed(width) {
				continue
			}
			for _, s := range []form{slope, form{}.minus(slope)} {
				if rest := s.minus(width); len(rest.terms) == 0 && rest.c >= 1 && (len(s.terms) > 0 || s.c > 0) {
					return true
				}
			}
			if n := slope.c; len(slope.terms) == 0 && len(width.terms) == 0 && abs(n)*a.step > width.c {
				return true
			}
		}
	}
	return false
}

// ordered reports whether p lies wholly before q, going by ends that are the same in every iteration.
func (a *analysis) ordered(p, q dim) bool {
	for _, hi := range p.upper() {
		for _, lo := range q.lower() {
			if gap := lo.minus(hi); a.fixed(hi) && a.fixed(lo) && len(gap.terms) == 0 && gap.c > 0 {
				return true
			}
		}
	}
	return false
}

func (d dim) upper() []form {
	if d.isLow {
		return d.hi
	}
	return []form{d.at}
}

func (d dim) lower() []form {
	if d.isLow {
		return d.lo
	}
	return []form{d.at}
}
