package build

import (
	"gdml/builtins"
	"gdml/compiler/hop"
	"gdml/lang/ast"
	"gdml/lang/check"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/types"
)

// Options configures Program.
type Options struct {
	Naive bool // share nothing: one node for each written operation
	REPL  bool // the value of a call that stands alone goes to LastValue

	// Partial allows $ parameters without a value. They are read from variables that nothing
	// sets, $name, so the program can be examined but not run.
	Partial bool
}

// LastValue is the variable that gets the value of a bare expression. No script can name it.
const LastValue = ".value"

// Program builds the HOPs of a script that was checked without errors. A diagnostic
// reports what the checker should have refused.
func Program(set *source.Set, info *check.Info, table *builtins.Table, o Options) (*hop.Program, diag.List) {
	p := &program{info: info, table: table, opt: o, out: &hop.Program{
		Funcs:    map[string]*hop.Func{},
		Sources:  set,
		Dynamic:  map[string]bool{},
		Operands: map[source.Span][]source.Span{},
		Defs:     map[source.Span]source.Span{},
	}}
	p.out.Main = p.main(info.Main)
	for _, f := range info.Funcs {
		p.out.Funcs[f.Key] = p.function(f)
	}
	for _, f := range info.Refs {
		for _, v := range check.Variants(f) {
			p.out.Dynamic[v.Key] = true
		}
	}
	for _, f := range info.Entry {
		p.out.Dynamic[f.Key] = true
	}
	if p.anyName {
		for key := range p.out.Funcs {
			p.out.Dynamic[key] = true
		}
	}
	return p.out, p.diags
}

// program is the state of one call of Program.
type program struct {
	info  *check.Info
	table *builtins.Table
	opt   Options
	out   *hop.Program
	diags diag.List

	sites   uint32 // unseeded random calls so far
	anyName bool   // a function is called by a name that is not a literal
}

func (p *program) main(u *check.Unit) *hop.Func {
	f := &hop.Func{Key: u.Key, Name: "main"}
	if s := u.File.Source; s != nil {
		f.Span = s.Span(0, len(s.Text))
	}
	f.Body = p.sequence(u.File.Stmts, p.opt.REPL)
	return f
}

func (p *program) function(c *check.Func) *hop.Func {
	d := c.Decl
	f := &hop.Func{Key: c.Key, Name: c.Name, Span: d.Span()}
	for _, prm := range d.Params {
		h := hop.Param{Name: prm.Name.Name, Type: prm.Type}
		if prm.Default != nil {
			h.Default = p.value(prm.Default)
		}
		f.Params = append(f.Params, h)
	}
	for _, r := range d.Results {
		f.Results = append(f.Results, hop.Result{Name: r.Name.Name, Type: r.Type})
	}
	f.Body = p.body(d.Body.Stmts)
	return f
}

// value builds the DAG of a predicate, bound or default: its last root is the value.
func (p *program) value(e ast.Expr) *hop.DAG {
	g := newGraph(p)
	n := g.expr(e)
	g.roots = append(g.roots, hop.Root{Node: n})
	return g.dag()
}

// typeOf returns the static type of e.
func (p *program) typeOf(e ast.Expr) types.Type {
	if t, ok := p.info.Types[e]; ok {
		return t
	}
	switch e.(type) { // literals that the checker put in the place of names
	case *ast.StrLit:
		return types.Str
	case *ast.IntLit:
		return types.IntT
	case *ast.FloatLit:
		return types.Dbl
	case *ast.BoolLit:
		return types.BoolT
	}
	return types.Any
}

// broken reports something that a checked script cannot contain.
func (p *program) broken(at source.Span, msg string) {
	p.diags.Add(diag.Diagnostic{Code: diag.Internal, Span: at, Msg: msg})
}
