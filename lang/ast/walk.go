package ast

// Walk calls visit for n and, while visit returns true, for its children in source order.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	walk := func(n Node) { Walk(n, visit) }
	expr := func(e Expr) {
		if e != nil {
			Walk(e, visit)
		}
	}
	exprs := func(es []Expr) {
		for _, e := range es {
			expr(e)
		}
	}
	body := func(b *Body) {
		if b != nil {
			for _, s := range b.Stmts {
				walk(s)
			}
		}
	}
	switch n := n.(type) {
	case *Unary:
		expr(n.X)
	case *Binary:
		expr(n.X)
		expr(n.Y)
	case *Paren:
		expr(n.X)
	case *Call:
		for _, a := range n.Args {
			expr(a.Value)
		}
	case *Index:
		walk(n.X)
		for _, d := range n.Dims {
			expr(d.Lo)
			expr(d.Hi)
		}
	case *Vector:
		exprs(n.Elems)
	case *Assign:
		expr(n.Target)
		expr(n.Value)
	case *MultiAssign:
		exprs(n.Targets)
		walk(n.Call)
	case *Ifdef:
		expr(n.Target)
		expr(n.Arg)
		expr(n.Default)
	case *CallStmt:
		walk(n.Call)
	case *ExprStmt:
		expr(n.X)
	case *If:
		expr(n.Cond)
		body(n.Then)
		body(n.Else)
	case *While:
		expr(n.Cond)
		body(n.Body)
	case *For:
		walk(n.Var)
		expr(n.From)
		expr(n.To)
		expr(n.Incr)
		for _, p := range n.Params {
			expr(p.Value)
		}
		body(n.Body)
	case *FuncDef:
		for _, p := range n.Params {
			expr(p.Default)
		}
		body(n.Body)
	}
}
