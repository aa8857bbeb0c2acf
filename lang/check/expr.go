package check

import (
	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/types"
)

// expr checks an expression and records its type. A call without a value gives Any.
func (c *checker) expr(e ast.Expr) types.Type {
	t := c.typeExpr(e)
	c.info.Types[e] = t
	return t
}

// value checks an expression whose value is needed.
func (c *checker) value(e ast.Expr) types.Type {
	t := c.expr(e)
	if call, ok := ast.Unparen(e).(*ast.Call); ok {
		c.needValue(call)
	}
	return t
}

func (c *checker) typeExpr(e ast.Expr) types.Type {
	switch e := e.(type) {
	case *ast.IntLit:
		return types.IntT
	case *ast.FloatLit:
		return types.Dbl
	case *ast.BoolLit:
		return types.BoolT
	case *ast.StrLit:
		return types.Str
	case *ast.Arg:
		return c.needArg(e)
	case *ast.Ident:
		return c.ident(e)
	case *ast.Paren:
		return c.value(e.X)
	case *ast.Unary:
		return c.unary(e)
	case *ast.Binary:
		return c.binary(e)
	case *ast.Index:
		return c.index(e)
	case *ast.Vector:
		for _, x := range e.Elems {
			c.value(x)
		}
		c.fail(diag.NotSupported, e.At, "write list(...)", "an expression list [...] can only be an argument of a builtin function")
		return types.ListT
	case *ast.Call:
		rs := c.call(e)
		if len(rs) == 0 {
			return types.Any
		}
		return rs[0]
	}
	return types.Any
}

// vector checks an expression list where one is allowed.
func (c *checker) vector(e *ast.Vector) types.Type {
	for _, x := range e.Elems {
		if v, ok := ast.Unparen(x).(*ast.Vector); ok {
			c.info.Types[x] = c.vector(v)
			continue
		}
		c.value(x)
	}
	c.info.Types[e] = types.ListT
	return types.ListT
}

// needValue reports a call that gives no value, or several, where one is needed.
func (c *checker) needValue(call *ast.Call) {
	t := c.info.Calls[call]
	if t == nil {
		return
	}
	switch {
	case t.Builtin != nil && (t.Builtin.Statement || len(t.Results) == 0):
		c.fail(diag.NotAValue, call.FnPos, "let "+call.Name+"(...) stand alone", "%s has no value", call.Name)
	case t.Builtin != nil && t.Builtin.MultiResult:
		c.fail(diag.NotAValue, call.FnPos, "write "+targetList(len(t.Results))+" = "+call.Name+"(...)",
			"%s gives %d results", call.Name, len(t.Results))
	case t.Func != nil && len(t.Results) == 0:
		c.report(diag.Diagnostic{
			Code: diag.NotAValue, Span: call.FnPos,
			Msg:   "function " + call.Name + " has no result",
			Hint:  "declare one: function(...) return (type name) {...}",
			Notes: []diag.Note{{Span: t.Func.Decl.Name.At, Msg: call.Name + " is defined here"}},
		})
	}
}

// targetList is [a, b, c] with n names.
func targetList(n int) string {
	s := "["
	for i := range n {
		if i > 0 {
			s += ", "
		}
		s += string(rune('a' + i%26))
	}
	return s + "]"
}

// index checks x[...] as a value and returns its type: the container's own, a scalar never.
func (c *checker) index(e *ast.Index) types.Type {
	t := c.ident(e.X)
	if _, ok := constants[e.X.Name]; ok {
		t = types.Dbl
	}
	c.info.Types[e.X] = t
	return c.subscripts(e, t)
}

// subscripts checks the bounds of x[...] for x of type t.
func (c *checker) subscripts(e *ast.Index, t types.Type) types.Type {
	for _, d := range e.Dims {
		for _, b := range []ast.Expr{d.Lo, d.Hi} {
			if b != nil {
				c.bound(e, t, b)
			}
		}
	}
	switch t.Data {
	case types.Scalar:
		c.fail(diag.TypeMismatch, e.X.At, "only matrices, frames and lists have elements",
			"%s is %s and cannot be indexed", e.X.Name, article(kind(t)))
		return types.Any
	case types.Tensor:
		c.fail(diag.TypeMismatch, e.X.At, "as.matrix("+e.X.Name+") converts a tensor of two dimensions",
			"%s is a tensor and cannot be indexed", e.X.Name)
		return types.Any
	case types.List:
		if len(e.Dims) > 1 { // scripts of the reference do it
			c.warnf(diag.TypeMismatch, e.At, "write "+e.X.Name+"["+c.text(e.Dims[0].At)+"]; for a cell of an element take the element first",
				"a list has one subscript: the second one is ignored")
		}
	}
	return t
}

// bound checks one subscript expression.
func (c *checker) bound(e *ast.Index, t types.Type, b ast.Expr) {
	bt := c.value(b)
	if !c.needScalar(b, bt, "a subscript") || bt.Data != types.Scalar {
		return
	}
	switch bt.Elem {
	case types.String:
		switch t.Data {
		case types.Matrix:
			c.fail(diag.TypeMismatch, b.Span(), "matrices are indexed by numbers", "a subscript of a matrix cannot be a string")
		case types.Frame:
			c.fail(diag.TypeMismatch, b.Span(), "frames are indexed by numbers, not by column names", "a subscript of a frame cannot be a string")
		}
	case types.Bool:
		if _, ok := ast.Unparen(b).(*ast.BoolLit); ok {
			c.fail(diag.TypeMismatch, b.Span(), "there are no logical subscripts; use removeEmpty with select=", "a subscript cannot be a boolean")
		}
	}
}
