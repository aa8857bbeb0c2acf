package check

import (
	"strings"

	"gdml/lang/ast"
	"gdml/lang/source"
	"gdml/lang/token"
	"gdml/lang/types"
)

// variable is what is known of a variable at one point of the program.
type variable struct {
	typ   types.Type
	def   source.Span // where it got its value last; invalid for one given from outside
	val   Value       // constant value, nil when it is not known
	maybe bool        // set on some branch of an if only

	// leaked: only the body of an earlier loop assigns it, as a temporary. A parfor that
	// gives it a new value before reading it may use it as a temporary of its own.
	leaked bool
}

// env maps the variables that a textually earlier statement assigns.
type env struct {
	vars map[string]variable
	dead bool // behind a stop(): what follows is never reached
}

func newEnv() *env { return &env{vars: map[string]variable{}} }

func (e *env) clone() *env {
	n := &env{vars: make(map[string]variable, len(e.vars)), dead: e.dead}
	for k, v := range e.vars {
		n.vars[k] = v
	}
	return n
}

// write is an assignment found in a body.
type write struct {
	name  string
	at    source.Span
	whole bool       // the whole variable, not X[...] = ...
	accum bool       // by +=
	loop  bool       // as a loop variable
	value ast.Expr   // right-hand side of a plain assignment, else nil
	index *ast.Index // target of an indexed assignment
}

// writes lists the assignments in statements and the blocks below them, in source
// order. Function definitions are not entered.
func writes(body []ast.Stmt) []write {
	var ws []write
	eachStmt(body, func(s ast.Stmt) { ws = append(ws, ownWrites(s)...) })
	return ws
}

// ownWrites lists the assignments that a statement makes itself, without its blocks.
func ownWrites(s ast.Stmt) []write {
	switch s := s.(type) {
	case *ast.Assign:
		if s.Op == token.AddAssign {
			return target(s.Target, write{accum: true})
		}
		return target(s.Target, write{value: s.Value})
	case *ast.MultiAssign:
		var ws []write
		for _, t := range s.Targets {
			ws = append(ws, target(t, write{})...)
		}
		return ws
	case *ast.Ifdef:
		return target(s.Target, write{})
	case *ast.For:
		return target(s.Var, write{loop: true})
	}
	return nil
}

// target completes w for an assignment to t; there is none when t cannot be assigned.
func target(t ast.Expr, w write) []write {
	switch t := t.(type) {
	case *ast.Ident:
		w.name, w.at, w.whole = t.Name, t.At, true
	case *ast.Index:
		w.name, w.at, w.index = t.X.Name, t.At, t
	default:
		return nil
	}
	return []write{w}
}

// evaluated lists the expressions that a statement evaluates itself, without its targets
// and blocks.
func evaluated(s ast.Stmt) []ast.Node {
	switch s := s.(type) {
	case *ast.Assign:
		return []ast.Node{s.Value}
	case *ast.MultiAssign:
		return []ast.Node{s.Call}
	case *ast.Ifdef:
		return []ast.Node{s.Default}
	case *ast.CallStmt:
		return []ast.Node{s.Call}
	case *ast.ExprStmt:
		return []ast.Node{s.X}
	case *ast.If:
		return []ast.Node{s.Cond}
	case *ast.While:
		return []ast.Node{s.Cond}
	case *ast.For:
		if s.Incr == nil {
			return []ast.Node{s.From, s.To}
		}
		return []ast.Node{s.From, s.To, s.Incr}
	}
	return nil
}

// eachStmt calls visit for the statements of a body and of the blocks below it, in source order.
func eachStmt(body []ast.Stmt, visit func(ast.Stmt)) {
	for _, s := range body {
		visit(s)
		for _, b := range blocks(s) {
			eachStmt(b.Stmts, visit)
		}
	}
}

// blocks returns the bodies of a control statement.
func blocks(s ast.Stmt) []*ast.Body {
	var bs []*ast.Body
	add := func(b *ast.Body) {
		if b != nil {
			bs = append(bs, b)
		}
	}
	switch s := s.(type) {
	case *ast.If:
		add(s.Then)
		add(s.Else)
	case *ast.While:
		add(s.Body)
	case *ast.For:
		add(s.Body)
	}
	return bs
}

// oneLine replaces runs of white space by one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// norm drops what the language does not enforce: the value types of frames, lists and tensors,
// and any value type of matrices but double.
func norm(t types.Type) types.Type {
	switch t.Data {
	case types.Matrix:
		return types.Mat
	case types.Frame:
		return types.FrameT
	case types.List:
		return types.ListT
	case types.Tensor:
		return types.TensorT
	}
	return t
}
