package check

import (
	"strings"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/token"
	"gdml/lang/types"
)

// unary returns the type of -x, +x or !x. The sign is x * -1 to the language, so that
// strings and booleans have none.
func (c *checker) unary(e *ast.Unary) types.Type {
	x := c.value(e.X)
	switch x.Data {
	case types.Unknown:
		return types.Any
	case types.Matrix:
		return types.Mat
	case types.Tensor:
		if e.Op != token.Not {
			return types.TensorT
		}
		c.fail(diag.TypeMismatch, e.At, "compare it: "+c.text(e.X.Span())+" == 0", "operator ! is not defined on a tensor")
		return types.Any
	case types.Frame, types.List:
		c.fail(diag.TypeMismatch, e.At, c.unwrapHint(e.X, x), "operator %s is not defined on a %s", e.Op, x.Data)
		return types.Any
	}
	if e.Op == token.Not {
		return types.BoolT
	}
	switch x.Elem {
	case types.Bool:
		c.fail(diag.TypeMismatch, e.At, "convert it: as.integer("+c.text(e.X.Span())+")", "a boolean has no sign")
		return types.IntT
	case types.String:
		c.errorf(diag.TypeMismatch, e.At, "a string has no sign")
		return types.Any
	}
	return x
}

// binary returns the type of x op y (language reference §6.1 and §6.2).
func (c *checker) binary(e *ast.Binary) types.Type {
	x, y := c.value(e.X), c.value(e.Y)
	switch e.Op {
	case token.AndAnd, token.OrOr:
		single := "&"
		if e.Op == token.OrOr {
			single = "|"
		}
		c.fail(diag.NotSupported, e.OpPos, "write "+single+"; both operands are always evaluated", "there is no operator %s", e.Op)
		return types.BoolT
	case token.MatMul:
		return c.product(e, x, y)
	}
	if x.Data == types.List || y.Data == types.List || mixedFrames(x, y) {
		c.badOperands(e, x, y)
		return types.Any
	}
	if x.Data == types.Tensor || y.Data == types.Tensor {
		return c.tensors(e, x, y)
	}
	if x.Data == types.Frame && y.Data == types.Frame {
		if !isRelational(e.Op) {
			c.badOperands(e, x, y)
		}
		return types.FrameT
	}
	switch {
	case isRelational(e.Op), e.Op == token.And, e.Op == token.Or:
		return logical(x, y)
	}
	return c.arith(e, x, y)
}

// tensors is the type of an operator of which one operand is a tensor. Tensors know + - * / and
// comparisons, with tensors and scalars.
func (c *checker) tensors(e *ast.Binary, x, y types.Type) types.Type {
	op := e.Op
	fits := isRelational(op) || op == token.Add || op == token.Sub || op == token.Mul || op == token.Div
	for _, t := range []types.Type{x, y} {
		switch t.Data {
		case types.Tensor, types.Unknown:
		case types.Scalar:
			fits = fits && (t.Elem != types.String || isRelational(op))
		default:
			fits = false
		}
	}
	if !fits {
		c.badOperands(e, x, y)
		return types.Any
	}
	return types.TensorT
}

// logical is the type of a comparison or of & and |.
func logical(x, y types.Type) types.Type {
	switch {
	case x.Data == types.Matrix || y.Data == types.Matrix:
		return types.Mat
	case x.Data == types.Scalar && y.Data == types.Scalar:
		return types.BoolT
	}
	return types.Any
}

func mixedFrames(x, y types.Type) bool {
	known := x.Data != types.Unknown && y.Data != types.Unknown
	return known && (x.Data == types.Frame) != (y.Data == types.Frame)
}

func isRelational(k token.Kind) bool { return k >= token.Lt && k <= token.Ne }

func (c *checker) product(e *ast.Binary, x, y types.Type) types.Type {
	for _, o := range []struct {
		e ast.Expr
		t types.Type
	}{{e.X, x}, {e.Y, y}} {
		if o.t.Data == types.Unknown || o.t.Data == types.Matrix {
			continue
		}
		hint := c.unwrapHint(o.e, o.t)
		if o.t.Data == types.Scalar {
			hint = "use * to multiply by a number"
		}
		c.report(diag.Diagnostic{
			Code: diag.TypeMismatch, Span: e.OpPos, Context: e.At, Hint: hint,
			Msg: "matrix product needs two matrices: " + c.text(o.e.Span()) + " is " + article(kind(o.t)),
		})
		break
	}
	return types.Mat
}

// arith is the type of + - * / ^ %% %/% on scalars and matrices.
func (c *checker) arith(e *ast.Binary, x, y types.Type) types.Type {
	if x.Data == types.Matrix || y.Data == types.Matrix {
		c.mixArith(e, x, y)
		return types.Mat
	}
	if x.Data != types.Scalar || y.Data != types.Scalar {
		return types.Any
	}
	if x.Elem == types.String || y.Elem == types.String {
		if e.Op != token.Add {
			c.badOperands(e, x, y)
			return types.Any
		}
		return types.Str
	}
	if c.mixArith(e, x, y) {
		return types.Dbl
	}
	return arithElem(e.Op, x.Elem, y.Elem)
}

// arithElem is the value type of arithmetic on numbers, booleans and scalars of unknown value type.
func arithElem(op token.Kind, x, y types.Elem) types.Type {
	switch {
	case x == types.AnyElem || y == types.AnyElem:
		other := max(x, y)
		if op == token.Div || op == token.Pow || op != token.Add && other == types.Double {
			return types.Dbl
		}
		return types.Scal
	case x == types.Int && y == types.Int && op != token.Div && op != token.Pow:
		return types.IntT
	}
	return types.Dbl
}

// mixArith reports a boolean scalar, or a string, next to a number or a matrix.
func (c *checker) mixArith(e *ast.Binary, x, y types.Type) bool {
	for _, o := range []struct {
		e     ast.Expr
		t, by types.Type
	}{{e.X, x, y}, {e.Y, y, x}} {
		number := o.by.Data == types.Matrix || o.by.IsNumeric()
		switch {
		case !number || o.t.Data != types.Scalar:
		case o.t.Elem == types.Bool:
			c.report(diag.Diagnostic{
				Code: diag.TypeMismatch, Span: e.OpPos, Context: e.At,
				Msg:  "operator " + e.Op.String() + " cannot mix a boolean with " + article(kind(o.by)),
				Hint: "convert it: as.integer(" + c.text(o.e.Span()) + ")",
			})
			return true
		case o.t.Elem == types.String && o.by.Data == types.Matrix:
			c.badOperands(e, x, y)
			return true
		}
	}
	return false
}

// badOperands reports an operator on operands that it is not defined for.
func (c *checker) badOperands(e *ast.Binary, x, y types.Type) {
	hint := ""
	switch {
	case x.Data == types.List || x.Data == types.Frame:
		hint = c.unwrapHint(e.X, x)
	case y.Data == types.List || y.Data == types.Frame:
		hint = c.unwrapHint(e.Y, y)
	case x.Data == types.Tensor || y.Data == types.Tensor:
		hint = tensorHint(x, y)
	case x.Data == types.Matrix && e.Op == token.Add:
		hint = textHint(c.text(e.X.Span()))
	case y.Data == types.Matrix && e.Op == token.Add:
		hint = textHint(c.text(e.Y.Span()))
	case x.Elem == types.String || y.Elem == types.String:
		hint = "strings can only be joined with +; as.double(s) gives the number in a string"
	}
	c.report(diag.Diagnostic{
		Code: diag.TypeMismatch, Span: e.OpPos, Context: e.At, Hint: hint,
		Msg: "operator " + e.Op.String() + " is not defined on " + operands(x, y),
	})
}

// tensorHint says how an operand can be made to fit, when the other one is a tensor.
func tensorHint(x, y types.Type) string {
	if x.Elem == types.String || y.Elem == types.String {
		return "toString gives the text of a tensor"
	}
	return "as.matrix converts a tensor of two dimensions, tensor(X, dims) a matrix"
}

func textHint(x string) string {
	return "use toString(" + x + "), or as.scalar(" + x + ") if it is 1x1"
}

// unwrapHint says how to get a matrix or scalar out of a list or frame.
func (c *checker) unwrapHint(e ast.Expr, t types.Type) string {
	x := c.text(e.Span())
	switch t.Data {
	case types.List:
		if _, ok := ast.Unparen(e).(*ast.Index); ok {
			return "an element is still a list: use as.scalar(" + x + ") or as.matrix(" + x + ")"
		}
		return "take an element out: as.scalar(" + x + "[1]) or as.matrix(" + x + "[1])"
	case types.Frame:
		return "convert it: as.matrix(" + x + ")"
	}
	return ""
}

func operands(x, y types.Type) string {
	if kind(x) == kind(y) {
		if x.Data == types.Scalar {
			return "two " + kind(x) + "s"
		}
		return "two " + x.Data.String() + "s"
	}
	return article(kind(x)) + " and " + article(kind(y))
}

// article puts a or an before a noun.
func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// kind names a type in messages: "matrix", "string", "int".
func kind(t types.Type) string {
	if t.Data == types.Scalar && t.Elem != types.AnyElem {
		return t.Elem.String()
	}
	if t.Data == types.Unknown {
		return "value"
	}
	return t.Data.String()
}

// needScalar reports a value that must be a scalar and is known to be none. what names its role.
func (c *checker) needScalar(e ast.Expr, t types.Type, what string) bool {
	if t.Data == types.Scalar || t.Data == types.Unknown {
		return true
	}
	x := c.text(e.Span())
	hint := "use as.scalar(" + x + ") if it is 1x1"
	if t.Data != types.Matrix {
		hint = c.unwrapHint(e, t)
		if _, ok := ast.Unparen(e).(*ast.Index); ok || t.Data == types.Frame {
			hint = "use as.scalar(" + x + ")"
		}
	}
	c.fail(diag.TypeMismatch, e.Span(), hint, "%s must be a scalar, not a %s", what, t.Data)
	return false
}

// needNumber reports a value that must be a numeric scalar and is known to be none.
func (c *checker) needNumber(e ast.Expr, t types.Type, what string) {
	if !c.needScalar(e, t, what) || t.Data != types.Scalar {
		return
	}
	switch t.Elem {
	case types.Bool:
		c.fail(diag.TypeMismatch, e.Span(), "use as.integer("+c.text(e.Span())+")", "%s must be a number, not a boolean", what)
	case types.String:
		c.fail(diag.TypeMismatch, e.Span(), "use as.integer("+c.text(e.Span())+")", "%s must be a number, not a string", what)
	}
}

// predicate checks the condition of an if or while.
func (c *checker) predicate(e ast.Expr, what string) {
	t := c.value(e)
	switch x := ast.Unparen(e).(type) {
	case *ast.StrLit:
		c.fail(diag.TypeMismatch, e.Span(), "write TRUE or a comparison", "%s cannot be a string literal", what)
		return
	case *ast.Arg:
		if s, ok := c.info.Args[x].(string); ok {
			c.fail(diag.TypeMismatch, e.Span(), "pass TRUE or FALSE", "%s cannot be the text %q", what, s)
			return
		}
	}
	c.needScalar(e, t, what)
}
