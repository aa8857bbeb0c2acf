package check

import (
	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/types"
)

// function checks the definition of a function, called or not.
func (c *checker) function(f *Func) {
	d := f.Decl
	s := c.enter(f.Unit, f, d.Body.Stmts)
	c.params(d)
	c.stmts(d.Body.Stmts)
	f.Types = map[string]types.Type{}
	for name, v := range c.scope.env.vars {
		f.Types[name] = v.typ
	}
	for _, r := range d.Results {
		c.result(s, f, r)
	}
}

// params enters the parameters and checks their declarations. A default sees the other
// parameters, whatever their order.
func (c *checker) params(d *ast.FuncDef) {
	vars := c.scope.env.vars
	for _, p := range d.Params {
		if old, ok := vars[p.Name.Name]; ok {
			c.report(diag.Diagnostic{
				Code: diag.BadArguments, Span: p.Name.At, Msg: "parameter " + p.Name.Name + " is declared twice",
				Notes: []diag.Note{{Span: old.def, Msg: "first declared here"}},
			})
		}
		if _, ok := constants[p.Name.Name]; ok {
			c.warnf(diag.AssignConstant, p.Name.At, "choose another name",
				"parameter %s cannot be read: the constant %s hides it", p.Name.Name, p.Name.Name)
		}
		if p.Type.Data == types.Matrix && p.Type.Elem != types.Double {
			c.fail(diag.TypeMismatch, p.TypePos, "write matrix[double]", "a matrix parameter has cells of type double, not %s", p.Type.Elem)
		}
		c.info.Types[p.Name] = norm(p.Type)
		vars[p.Name.Name] = variable{typ: norm(p.Type), def: p.Name.At}
	}
	for _, p := range d.Params {
		if p.Default == nil {
			continue
		}
		if t := c.value(p.Default); !norm(p.Type).Accepts(t) {
			c.fail(diag.TypeMismatch, p.Default.Span(), c.convertHint(p.Default, norm(p.Type), t),
				"the default of %s must be %s, not %s", p.Name.Name, article(kind(norm(p.Type))), article(kind(t)))
		}
	}
}

// result checks that a result is assigned and what type it has (language reference §9.3).
func (c *checker) result(s *scope, f *Func, r ast.FuncParam) {
	name, want := r.Name.Name, norm(r.Type)
	v, ok := s.env.vars[name]
	if !ok {
		if s.reported[name] {
			return
		}
		hint := "assign " + name + " in the body"
		var names []string
		for _, w := range writes(f.Decl.Body.Stmts) {
			names = append(names, w.name)
		}
		if near, ok := diag.Nearest(name, names); ok {
			hint = "the body assigns " + near
		}
		c.fail(diag.UnassignedResult, r.Name.At, hint, "function %s never assigns its result %s", f.Name, name)
		return
	}
	c.info.Types[r.Name] = want
	got := v.typ
	if want.Data == types.Unknown || got.Data == types.Unknown {
		return
	}
	hint := resultFault(want, got)
	if hint == "" && want.Data == got.Data {
		return
	}
	if hint == "" {
		hint = "declare return (" + got.String() + " " + name + "), or convert: " + convertTo(want)
	}
	d := diag.Diagnostic{
		Code: diag.TypeMismatch, Span: r.Name.At, Context: r.At, Hint: hint,
		Msg: "result " + name + " of " + f.Name + " is declared " + kind(want) + " but gets " + article(kind(got)),
	}
	if v.def.IsValid() {
		d.Notes = []diag.Note{{Span: v.def, Msg: "assigned here"}}
	}
	c.report(d)
}

// resultFault judges the value type of a scalar result. It returns the hint for what is
// wrong, or "" when the types go together: a double takes an int, a boolean or string
// anything.
func resultFault(want, got types.Type) string {
	if want.Data != types.Scalar || got.Data != types.Scalar || want.Elem == got.Elem || got.Elem == types.AnyElem {
		return ""
	}
	switch want.Elem {
	case types.Double:
		if got.Elem == types.Int {
			return ""
		}
		return "use as.double(...)"
	case types.Int:
		return "use as.integer(...)"
	}
	return ""
}
