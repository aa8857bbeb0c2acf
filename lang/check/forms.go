package check

import (
	"math"
	"slices"
	"sort"
	"strings"

	"gdml/lang/ast"
	"gdml/lang/token"
	"gdml/lang/types"
)

// form is a polynomial with integer coefficients: c plus a sum of products of names. A
// name is a loop variable or stands for an expression that the loop does not change.
type form struct {
	c     int64
	terms map[string]int64 // by monomial: names in order, joined by "*"
}

// Coefficients beyond maxCoef and copies of copies beyond maxDepth are not followed.
const (
	maxCoef  = 1 << 40
	maxDepth = 20
)

func (f form) plus(g form, sign int64) form {
	out := form{c: f.c + sign*g.c, terms: map[string]int64{}}
	for m, k := range f.terms {
		out.terms[m] = k
	}
	for m, k := range g.terms {
		if out.terms[m] += sign * k; out.terms[m] == 0 {
			delete(out.terms, m)
		}
	}
	return out
}

func (f form) minus(g form) form { return f.plus(g, -1) }

func (f form) equal(g form) bool {
	d := f.minus(g)
	return d.c == 0 && len(d.terms) == 0
}

func (f form) times(g form) (form, bool) {
	out := form{terms: map[string]int64{}}
	add := func(m string, k int64) {
		if m == "" {
			out.c += k
		} else if out.terms[m] += k; out.terms[m] == 0 {
			delete(out.terms, m)
		}
	}
	each := func(h form, visit func(string, int64)) {
		visit("", h.c)
		for m, k := range h.terms {
			visit(m, k)
		}
	}
	each(f, func(m string, k int64) {
		each(g, func(n string, l int64) {
			switch {
			case k == 0 || l == 0:
			case m == "" || n == "":
				add(m+n, k*l)
			default:
				fs := append(factors(m), factors(n)...)
				sort.Strings(fs)
				add(strings.Join(fs, "*"), k*l)
			}
		})
	})
	return out, out.small()
}

// small reports whether coefficients are far from overflow and products are short.
func (f form) small() bool {
	ok := abs(f.c) < maxCoef && len(f.terms) < maxDepth
	for m, k := range f.terms {
		ok = ok && abs(k) < maxCoef && strings.Count(m, "*") < 4
	}
	return ok
}

func factors(m string) []string { return strings.Split(m, "*") }

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

func sameForms(a, b []form) bool { return slices.EqualFunc(a, b, form.equal) }

func symbol(name string) form { return form{terms: map[string]int64{name: 1}} }

// form returns a subscript as a polynomial. ok is false when it is none: then the
// subscript may be anything.
func (a *analysis) form(e ast.Expr, depth int) (f form, ok bool) {
	if depth > maxDepth {
		return form{}, false
	}
	if v := a.atHead(func() Value { return a.c.constant(e) }); v != nil {
		return constantForm(v)
	}
	switch e := e.(type) {
	case *ast.Paren:
		return a.form(e.X, depth+1)
	case *ast.Ident:
		return a.identForm(e, depth)
	case *ast.Unary:
		if f, ok = a.form(e.X, depth+1); ok && e.Op != token.Not {
			if e.Op == token.Sub {
				f = form{}.minus(f)
			}
			return f, true
		}
	case *ast.Binary:
		if f, ok := a.binaryForm(e, depth); ok {
			return f, true
		}
	case *ast.Call:
		if f, ok := a.castForm(e, depth); ok {
			return f, true
		}
	}
	return a.invariantForm(e)
}

func constantForm(v Value) (form, bool) {
	n, ok := number(v)
	if !ok || n != math.Trunc(n) || math.Abs(n) >= maxCoef {
		return form{}, false
	}
	return form{c: int64(n)}, true
}

func (a *analysis) identForm(e *ast.Ident, depth int) (form, bool) {
	if e.Name == a.loop.Var.Name && !a.replaced[e.Name] {
		if _, shadowed := a.inner[e.Name]; !shadowed {
			return symbol(e.Name), true
		}
		return form{}, false
	}
	if _, ok := a.inner[e.Name]; ok {
		return symbol(e.Name), !a.replaced[e.Name]
	}
	if x := a.locals[e.Name]; x != nil {
		return a.form(x, depth+1)
	}
	return a.invariantForm(e)
}

func (a *analysis) binaryForm(e *ast.Binary, depth int) (form, bool) {
	if e.Op != token.Add && e.Op != token.Sub && e.Op != token.Mul {
		return form{}, false
	}
	x, ok1 := a.form(e.X, depth+1)
	y, ok2 := a.form(e.Y, depth+1)
	if !ok1 || !ok2 {
		return form{}, false
	}
	switch e.Op {
	case token.Add:
		x = x.plus(y, 1)
	case token.Sub:
		x = x.minus(y)
	default:
		return x.times(y)
	}
	return x, x.small()
}

// castForm sees through as.integer(e) and as.double(e) where e is a whole number.
func (a *analysis) castForm(e *ast.Call, depth int) (form, bool) {
	t := a.c.info.Calls[e]
	if t == nil || t.Builtin == nil || len(e.Args) != 1 || t.Name != "as.integer" && t.Name != "as.double" {
		return form{}, false
	}
	f, ok := a.form(e.Args[0].Value, depth+1)
	for m := range f.terms {
		ok = ok && !a.isSymbol(m)
	}
	return f, ok
}

// pureCalls are the builtins that an expression which is the same in every iteration may
// contain. All others could read a file, draw a number or print.
var pureCalls = []string{
	"nrow", "ncol", "length", "ceil", "ceiling", "floor", "round", "abs", "min", "max",
	"as.integer", "as.double", "as.scalar", "sum", "sqrt", "log", "exp",
}

// invariantForm makes a symbol of an expression that has one value in all iterations: its
// variables come from before the loop and are not assigned in it. The text is the name.
func (a *analysis) invariantForm(e ast.Expr) (form, bool) {
	t := a.c.info.Types[e]
	if t.Data != types.Unknown && (t.Data != types.Scalar || t.Elem == types.String) {
		return form{}, false
	}
	ok := true
	ast.Walk(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			_, before := a.before.vars[n.Name]
			_, fixed := constants[n.Name]
			ok = ok && (fixed || before && !a.written[n.Name])
		case *ast.Call:
			t := a.c.info.Calls[n]
			ok = ok && t != nil && t.Builtin != nil && slices.Contains(pureCalls, t.Name)
			if ok && a.sizeOf(n) {
				ok = !a.replaced[ast.Unparen(n.Args[0].Value).(*ast.Ident).Name]
				return false
			}
		}
		return ok
	})
	if !ok {
		return form{}, false
	}
	return symbol("=" + a.symbolName(e)), true
}

// symbolName is the text of an expression without blanks; * separates the factors of a monomial.
func (a *analysis) symbolName(e ast.Expr) string {
	f := a.c.set.File(e.Span().Start)
	if f == nil {
		return ""
	}
	return strings.ReplaceAll(strings.Join(strings.Fields(f.Slice(e.Span())), ""), "*", "×")
}

// isSymbol reports whether every factor of a monomial has one value in all iterations.
func (a *analysis) isSymbol(m string) bool {
	for _, f := range factors(m) {
		if !strings.HasPrefix(f, "=") {
			return false
		}
	}
	return true
}

// fixed reports whether a form has one value in all iterations.
func (a *analysis) fixed(f form) bool {
	for m := range f.terms {
		if !a.isSymbol(m) {
			return false
		}
	}
	return true
}

// slope returns by how much f changes when the parfor's variable grows by one. ok is false
// when f is not linear in it, or depends on other loops.
func (a *analysis) slope(f form) (form, bool) {
	out := form{terms: map[string]int64{}}
	for m, k := range f.terms {
		var rest []string
		n := 0
		for _, x := range factors(m) {
			switch {
			case x == a.loop.Var.Name:
				n++
			case strings.HasPrefix(x, "="):
				rest = append(rest, x)
			default:
				return form{}, false
			}
		}
		switch {
		case n > 1:
			return form{}, false
		case n == 1 && len(rest) == 0:
			out.c += k
		case n == 1:
			out.terms[strings.Join(rest, "*")] += k
		}
	}
	return out, out.c != 0 || len(out.terms) > 0
}

// followsIndex reports whether a subscript depends on the parfor's variable through copies.
func (a *analysis) followsIndex(x *ast.Index) bool {
	for k := range x.Dims {
		d := a.dim(x, k)
		for _, f := range slices.Concat(d.lo, d.hi, []form{d.at}) {
			for m := range f.terms {
				if slices.Contains(factors(m), a.loop.Var.Name) {
					return true
				}
			}
		}
	}
	return false
}

// equation is sum(coef * variable) = -c over variables with known ranges. own holds the
// coefficients of i and i'.
type equation struct {
	c    float64
	own  [2]int64
	free []freeTerm
}

type freeTerm struct {
	coef int64
	in   interval
}

// noSolution reports whether p(i) = q(i') has no solution with i and i' different.
func (a *analysis) noSolution(p, q dim) bool {
	var eq equation
	symbols := form{terms: map[string]int64{}}
	for k, side := range []struct {
		d    dim
		sign int64
	}{{p, 1}, {q, -1}} {
		f := side.d.at
		if side.d.isLow {
			eq.free = append(eq.free, freeTerm{side.sign, fixedRange(side.d)})
			continue
		}
		eq.c += float64(side.sign * f.c)
		for m, n := range f.terms {
			b, inner := a.inner[m]
			switch {
			case a.isSymbol(m):
				symbols = symbols.plus(form{terms: map[string]int64{m: n}}, side.sign)
			case m == a.loop.Var.Name:
				eq.own[k] = side.sign * n
			case inner:
				eq.free = append(eq.free, freeTerm{side.sign * n, b})
			default:
				return false // a product of loop variables
			}
		}
	}
	if len(symbols.terms) > 0 {
		return false
	}
	return a.gcdRefutes(eq) || a.boundsRefute(eq)
}

// fixedRange is the interval of a range whose ends do not move; an end that is not a
// number is unknown.
func fixedRange(d dim) interval {
	out := everything
	for _, f := range d.lo {
		if len(f.terms) == 0 {
			out.lo = max(out.lo, float64(f.c))
		}
	}
	for _, f := range d.hi {
		if len(f.terms) == 0 {
			out.hi = min(out.hi, float64(f.c))
		}
	}
	return out
}

// gcdRefutes is the GCD test: integer coefficients reach only multiples of their greatest
// common divisor. Where i and i' have opposite coefficients only their distance counts,
// which is a multiple of the loop's step and not zero.
func (a *analysis) gcdRefutes(eq equation) bool {
	g := int64(0)
	if eq.own[0] == -eq.own[1] {
		g = abs(eq.own[0]) * a.step
	} else {
		g = gcd(abs(eq.own[0]), abs(eq.own[1]))
	}
	for _, t := range eq.free {
		g = gcd(g, abs(t.coef))
	}
	if g == 0 {
		return eq.c != 0
	}
	return math.Mod(eq.c, float64(g)) != 0
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// boundsRefute is Banerjee's test: zero must lie between the least and the greatest value
// of the left side. With opposite coefficients the two orders of i and i' are tested apart.
func (a *analysis) boundsRefute(eq equation) bool {
	lo, hi := eq.c, eq.c
	add := func(coef int64, in interval) (float64, float64) {
		if coef == 0 {
			return 0, 0
		}
		x, y := float64(coef)*in.lo, float64(coef)*in.hi
		return min(x, y), max(x, y)
	}
	for _, t := range eq.free {
		x, y := add(t.coef, t.in)
		lo, hi = lo+x, hi+y
	}
	outside := func(x, y float64) bool { return lo+x > 0 || hi+y < 0 }
	if eq.own[0] == -eq.own[1] && eq.own[0] != 0 {
		far := interval{float64(a.step), max(a.index.hi-a.index.lo, float64(a.step))}
		x, y := add(eq.own[0], far)
		return outside(x, y) && outside(-y, -x)
	}
	x0, y0 := add(eq.own[0], a.index)
	x1, y1 := add(eq.own[1], a.index)
	return outside(x0+x1, y0+y1)
}
