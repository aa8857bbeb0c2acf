package check

import (
	"maps"
	"slices"
	"strings"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/types"
)

// call checks a call and returns its result types, none when it gives no value. A call
// that means nothing counts as one of unknown type.
func (c *checker) call(e *ast.Call) []types.Type {
	t := c.resolve(e)
	if t == nil {
		c.info.Types[e] = types.Any
		return []types.Type{types.Any}
	}
	c.info.Calls[e] = t
	if len(t.Results) > 0 {
		c.info.Types[e] = t.Results[0]
	}
	return t.Results
}

// resolve finds what a call means (language reference §10.3) and binds its arguments. It
// returns nil after reporting an unknown function.
func (c *checker) resolve(e *ast.Call) *Target {
	if e.NS != "" {
		return c.qualified(e)
	}
	if f := c.unit.Funcs[e.Name]; f != nil {
		c.args(e)
		return c.bindFunc(e, f)
	}
	if c.external(e, c.unit) {
		return nil
	}
	if sig := c.signature(e); sig != nil {
		return c.bindBuiltin(e, sig)
	}
	if c.excluded(e) {
		return nil
	}
	first := c.args(e)
	if u := c.libraryUnit(e.Name, e.FnPos); u != nil {
		if f := variant(u, e.Name, first, len(e.Args) > 0); f != nil {
			return c.bindFunc(e, f)
		}
		if c.broken[u] {
			return nil
		}
	}
	if u := c.libraryOwner(e.Name); u != nil {
		return c.bindFunc(e, u.Funcs[e.Name])
	}
	if !c.broken[c.unit] {
		c.unknownFunction(e)
	}
	return nil
}

// external refuses a call of a function that u declares in another language. The
// declaration alone does no harm.
func (c *checker) external(e *ast.Call, u *Unit) bool {
	for _, s := range u.File.Stmts {
		x, ok := s.(*ast.External)
		if !ok || x.Name.Name != e.Name {
			continue
		}
		if e.NS == "" {
			c.args(e)
		}
		c.report(diag.Diagnostic{
			Code: diag.NotSupported, Span: e.FnPos, Context: e.At,
			Msg: "functions in other languages are not supported", Hint: "write the function in DML",
			Notes: []diag.Note{{Span: x.At, Msg: e.Name + " is declared here"}},
		})
		return true
	}
	return false
}

// qualified resolves ns::f(...).
func (c *checker) qualified(e *ast.Call) *Target {
	c.args(e)
	u := c.unit.Aliases[e.NS]
	if u == nil {
		names := slices.Sorted(maps.Keys(c.unit.Aliases))
		c.fail(diag.UndefinedNamespace, e.FnPos, c.near(e.NS, names, `bind it with source("file.dml") as `+e.NS),
			"unknown namespace %s", e.NS)
		return nil
	}
	f := u.Funcs[e.Name]
	if f == nil {
		if c.external(e, u) {
			return nil
		}
		if !c.broken[u] {
			c.fail(diag.UndefinedFunction, e.FnPos, c.near(e.Name, funcNames(u), ""),
				"%s has no function %s", u.File.Source.Name, e.Name)
		}
		return nil
	}
	return c.bindFunc(e, f)
}

// signature returns the builtin that a call means. A builtin bound by position needs an
// unnamed argument; with names only it is taken when all of them are parameters.
func (c *checker) signature(e *ast.Call) *types.Signature {
	if c.cfg.Universe == nil {
		return nil
	}
	sig, ok := c.cfg.Universe.Signature(e.Name)
	if !ok && strings.EqualFold(e.Name, "rand") {
		sig, ok = c.cfg.Universe.Signature("rand")
	}
	if !ok {
		return nil
	}
	if sig.Binding == types.Positional && len(e.Args) > 0 && allNamed(e.Args) {
		for _, a := range e.Args {
			if paramIndex(sig, a.Name) < 0 {
				if c.hasLibrary(e.Name) {
					return nil
				}
				break
			}
		}
	}
	return sig
}

// excluded reports a call of a function that the language has and this implementation does
// not, if the universe knows such.
func (c *checker) excluded(e *ast.Call) bool {
	u, ok := c.cfg.Universe.(interface {
		Excluded(name string) (why, hint string, ok bool)
	})
	if !ok || c.hasLibrary(e.Name) {
		return false
	}
	why, hint, ok := u.Excluded(e.Name)
	if ok {
		c.fail(diag.NotSupported, e.FnPos, hint, "%s", why)
	}
	return ok
}

func (c *checker) hasLibrary(name string) bool {
	if c.cfg.Loader == nil {
		return false
	}
	_, _, _, ok := c.cfg.Loader.Library(name)
	return ok
}

func allNamed(args []ast.CallArg) bool {
	for _, a := range args {
		if a.Name == "" {
			return false
		}
	}
	return true
}

// args checks the argument expressions of a call of a DML function and returns the type
// of the first written one.
func (c *checker) args(e *ast.Call) types.Type {
	first := types.Any
	for i, a := range e.Args {
		t := c.value(a.Value)
		if i == 0 {
			first = t
		}
	}
	return first
}

// unknownFunction reports a call of nothing, with the nearest name.
func (c *checker) unknownFunction(e *ast.Call) {
	hint := foreignCall(e.Name)
	if hint == "" {
		names := funcNames(c.unit)
		if c.cfg.Universe != nil {
			names = append(names, c.cfg.Universe.Names()...)
		}
		if c.cfg.Loader != nil {
			names = append(names, c.cfg.Loader.LibraryNames()...)
		}
		hint = c.near(e.Name, names, "")
	}
	if _, ok := c.scope.env.vars[e.Name]; ok && hint == "" {
		hint = e.Name + " is a variable; index it with " + e.Name + "[...]"
	}
	if hint == "" {
		hint = "functions are defined in the script, imported with source, or found as " + e.Name + ".dml in a directory of -lib or GDML_PATH"
	}
	c.fail(diag.UndefinedFunction, e.FnPos, hint, "unknown function %s", e.Name)
}

// near is the hint with the nearest of several names, or other when none is near.
func (c *checker) near(name string, names []string, other string) string {
	if n, ok := diag.Nearest(name, names); ok {
		return "did you mean " + n + "?"
	}
	return other
}

// funcNames lists the functions of a file in source order.
func funcNames(u *Unit) []string {
	var ns []string
	for _, d := range u.File.Funcs() {
		ns = append(ns, d.Name.Name)
	}
	for _, n := range slices.Sorted(maps.Keys(u.Funcs)) {
		if !slices.Contains(ns, n) {
			ns = append(ns, n)
		}
	}
	return ns
}

// bindFunc binds the arguments of a call of a DML function: by position first, then by
// name. Parameters with defaults may be left out.
func (c *checker) bindFunc(e *ast.Call, f *Func) *Target {
	t := &Target{Func: f, Args: make([]ast.Expr, len(f.Decl.Params))}
	for _, r := range f.Decl.Results {
		t.Results = append(t.Results, norm(r.Type))
	}
	b := funcBinder{c: c, call: e, f: f, args: t.Args}
	b.bind()
	if !b.failed {
		b.complete()
		b.types()
	}
	return t
}

// funcBinder matches the arguments of one call with the parameters of a DML function.
type funcBinder struct {
	c      *checker
	call   *ast.Call
	f      *Func
	args   []ast.Expr
	failed bool
}

func (b *funcBinder) fail(at source.Span, hint, msg string) {
	b.failed = true
	if hint == "" {
		hint = describe(b.call.Name, b.f)
	}
	b.c.report(diag.Diagnostic{
		Code: diag.BadArguments, Span: at, Context: b.call.At, Msg: msg, Hint: hint,
		Notes: []diag.Note{{Span: b.f.Decl.Name.At, Msg: b.call.Name + " is defined here"}},
	})
}

// bind gives every argument to its parameter. An argument without a name goes to the
// parameter at its own position. After a named one it is refused, except that functions
// without control flow take it: the reference inlines such calls before it looks at
// their arguments, and scripts have come to rely on it.
func (b *funcBinder) bind() {
	var names []string
	for _, p := range b.f.Decl.Params {
		names = append(names, p.Name.Name)
	}
	named := false
	for i, a := range b.call.Args {
		if a.Name != "" {
			named = true
			b.byName(a, names)
			continue
		}
		switch {
		case named && hasControlFlow(b.f.Decl.Body):
			b.fail(a.Value.Span(), "pass it by name, too",
				"positional and named arguments cannot be mixed in a call of "+b.call.Name+": this one has no name, but follows one that has")
			return
		case i >= len(b.args):
			b.fail(a.Value.Span(), "", b.call.Name+" takes "+count(len(b.args), "argument")+", not "+count(len(b.call.Args), ""))
			return
		case b.args[i] != nil:
			b.fail(a.Value.Span(), "", "argument "+names[i]+" is passed twice: by name, and here by position")
		default:
			b.args[i] = a.Value
		}
	}
}

// byName gives an argument to the parameter of its name.
func (b *funcBinder) byName(a ast.CallArg, names []string) {
	i := slices.Index(names, a.Name)
	switch {
	case i < 0:
		b.fail(a.NamePos, b.c.near(a.Name, names, ""), b.call.Name+" has no parameter "+a.Name)
	case b.args[i] != nil:
		b.fail(a.NamePos, "", "argument "+a.Name+" is passed twice")
	default:
		b.args[i] = a.Value
	}
}

// hasControlFlow reports whether a body has branches or loops.
func hasControlFlow(body *ast.Body) bool {
	return slices.ContainsFunc(body.Stmts, func(s ast.Stmt) bool {
		switch s.(type) {
		case *ast.If, *ast.While, *ast.For:
			return true
		}
		return false
	})
}

// complete reports parameters without default that were not passed.
func (b *funcBinder) complete() {
	var missing []string
	for i, p := range b.f.Decl.Params {
		if b.args[i] == nil && p.Default == nil {
			missing = append(missing, p.Name.Name)
		}
	}
	if len(missing) > 0 {
		b.fail(b.call.FnPos, "", "the call of "+b.call.Name+" lacks "+strings.Join(missing, ", "))
	}
}

// types compares data types. Value types of scalars are converted by the call.
func (b *funcBinder) types() {
	for i, p := range b.f.Decl.Params {
		if b.args[i] == nil {
			continue
		}
		want, got := norm(p.Type), b.c.info.Types[b.args[i]]
		if want.Accepts(got) {
			continue
		}
		b.c.report(diag.Diagnostic{
			Code: diag.TypeMismatch, Span: b.args[i].Span(),
			Msg:   "argument " + p.Name.Name + " of " + b.call.Name + " must be " + article(kind(want)) + ", not " + article(kind(got)),
			Hint:  b.c.convertHint(b.args[i], want, got),
			Notes: []diag.Note{{Span: p.At, Msg: "declared here"}},
		})
	}
}

// convertHint says how to turn a value of type got into one of type want.
func (c *checker) convertHint(e ast.Expr, want, got types.Type) string {
	x := c.text(e.Span())
	_, elem := ast.Unparen(e).(*ast.Index)
	switch {
	case got.Data == types.List && !elem:
		return c.unwrapHint(e, got)
	case got.Data == types.Tensor && (want.Data == types.Scalar || want.Data == types.Frame):
		return ""
	case want.Data == types.Scalar && got.Data == types.Matrix:
		return "use as.scalar(" + x + ") if it is 1x1"
	case want.Data == types.Scalar:
		return "use as.scalar(" + x + ")"
	case want.Data == types.Matrix:
		return "use as.matrix(" + x + ")"
	case want.Data == types.Frame:
		return "use as.frame(" + x + ")"
	case want.Data == types.List:
		return "use list(" + x + ")"
	}
	return ""
}

// describe writes the head of a DML function: f(matrix[double] X, double s=...).
func describe(name string, f *Func) string {
	var ps []string
	for _, p := range f.Decl.Params {
		s := p.Type.String() + " " + p.Name.Name
		if p.Default != nil {
			s += "=..."
		}
		ps = append(ps, s)
	}
	return "the function is " + name + "(" + strings.Join(ps, ", ") + ")"
}

// FuncSig returns the declared signature of a function.
func FuncSig(f *Func) types.FuncSig {
	s := types.FuncSig{Name: f.Name}
	for _, p := range f.Decl.Params {
		s.Params = append(s.Params, types.FuncParam{Name: p.Name.Name, Type: norm(p.Type)})
		s.HasDefault = append(s.HasDefault, p.Default != nil)
	}
	for _, r := range f.Decl.Results {
		s.Results = append(s.Results, types.FuncParam{Name: r.Name.Name, Type: norm(r.Type)})
	}
	return s
}
