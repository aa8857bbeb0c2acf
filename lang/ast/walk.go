package ast

// Walk calls visit for n and, while visit returns true, for its children in source order.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	w := walker(visit)
	switch n := n.(type) {
	case Expr:
		w.children(n)
	case Stmt:
		w.parts(n)
	}
}

// walker visits what an expression or a statement holds.
type walker func(Node) bool

func (w walker) exprs(es ...Expr) {
	for _, e := range es {
		if e != nil {
			Walk(e, w)
		}
	}
}

func (w walker) args(as []CallArg) {
	for _, a := range as {
		w.exprs(a.Value)
	}
}

func (w walker) body(b *Body) {
	if b != nil {
		for _, s := range b.Stmts {
			Walk(s, w)
		}
	}
}

// children visits the operands of an expression.
func (w walker) children(n Expr) {
	switch n := n.(type) {
	case *Unary:
		w.exprs(n.X)
	case *Binary:
		w.exprs(n.X, n.Y)
	case *Paren:
		w.exprs(n.X)
	case *Call:
		w.args(n.Args)
	case *Index:
		w.exprs(n.X)
		for _, d := range n.Dims {
			w.exprs(d.Lo, d.Hi)
		}
	case *Vector:
		w.exprs(n.Elems...)
	}
}

// parts visits the expressions and the bodies of a statement.
func (w walker) parts(n Stmt) {
	switch n := n.(type) {
	case *Assign:
		w.exprs(n.Target, n.Value)
	case *MultiAssign:
		w.exprs(n.Targets...)
		w.exprs(n.Call)
	case *Ifdef:
		w.exprs(n.Target, n.Arg, n.Default)
	case *CallStmt:
		w.exprs(n.Call)
	case *ExprStmt:
		w.exprs(n.X)
	case *If:
		w.exprs(n.Cond)
		w.body(n.Then)
		w.body(n.Else)
	case *While:
		w.exprs(n.Cond)
		w.body(n.Body)
	case *For:
		w.exprs(n.Var, n.From, n.To, n.Incr)
		w.args(n.Params)
		w.body(n.Body)
	case *FuncDef:
		for _, p := range n.Params {
			w.exprs(p.Default)
		}
		w.body(n.Body)
	}
}
