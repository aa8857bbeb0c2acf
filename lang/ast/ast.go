package ast

import (
	"gdml/lang/source"
	"gdml/lang/token"
	"gdml/lang/types"
)

// Node is any node of the tree.
type Node interface {
	Span() source.Span
}

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// Pos is embedded by every node and gives it its span.
type Pos struct {
	At source.Span
}

// Span returns the text range of the node.
func (p Pos) Span() source.Span { return p.At }

// File is one parsed source text.
type File struct {
	Source   *source.File
	Stmts    []Stmt    // in source order, function definitions included
	Comments []Comment // in source order
}

// Comment is a comment with its text as written, including # or /* */.
type Comment struct {
	At   source.Span
	Text string
}

// Expressions.
type (
	// Ident is a variable reference, or one of the constants Inf, NaN and pi.
	Ident struct {
		Pos
		Name string
	}

	// IntLit is an integer literal; the sign is a Unary.
	IntLit struct {
		Pos
		Value int64
	}

	// FloatLit is a double literal.
	FloatLit struct {
		Pos
		Value float64
	}

	// BoolLit is TRUE or FALSE.
	BoolLit struct {
		Pos
		Value bool
	}

	// StrLit is a string literal with its escapes already replaced.
	StrLit struct {
		Pos
		Value string
	}

	// Arg is a command line parameter, $name or $1, without the dollar sign.
	Arg struct {
		Pos
		Name string
	}

	// Unary is -x, +x or !x.
	Unary struct {
		Pos
		Op token.Kind
		X  Expr
	}

	// Binary is x op y.
	Binary struct {
		Pos
		Op    token.Kind
		OpPos source.Span
		X, Y  Expr
	}

	// Paren is (x). It is kept because the formatter and error spans need it.
	Paren struct {
		Pos
		X Expr
	}

	// Call is f(args) or ns::f(args).
	Call struct {
		Pos
		NS    string // alias before ::, or ""
		Name  string
		FnPos source.Span // of the (qualified) name
		Args  []CallArg
	}

	// Index is x[...]. Dims has one or two entries, as written: X[] has one blank, X[,] two.
	Index struct {
		Pos
		X    *Ident
		Dims []Range
	}

	// Vector is an expression list [e1, e2], meaningful only as an argument of certain builtins.
	Vector struct {
		Pos
		Elems []Expr
	}
)

// CallArg is one argument of a call; Name is "" when it is positional.
type CallArg struct {
	Name    string
	NamePos source.Span
	Value   Expr
}

// Range is one subscript: blank (Lo and Hi nil), a single index (Hi nil), or Lo:Hi.
type Range struct {
	At     source.Span
	Lo, Hi Expr
}

// All reports whether the subscript is blank and selects everything.
func (r Range) All() bool { return r.Lo == nil }

// Statements.
type (
	// Assign is target = value, target <- value or target += value.
	Assign struct {
		Pos
		Target Expr // *Ident, *Index or *Arg (the checker refuses the last)
		Op     token.Kind
		Value  Expr
	}

	// MultiAssign is [a, b] = f(...).
	MultiAssign struct {
		Pos
		Targets []Expr // *Ident or *Index
		Op      token.Kind
		Call    *Call
	}

	// Ifdef is target = ifdef($x, default).
	Ifdef struct {
		Pos
		Target  Expr
		Op      token.Kind
		Arg     Expr // *Arg in a valid script
		Default Expr
	}

	// CallStmt is a call that stands alone.
	CallStmt struct {
		Pos
		Call *Call
	}

	// ExprStmt is a bare expression. Only the REPL accepts it.
	ExprStmt struct {
		Pos
		X Expr
	}

	// If is if (Cond) Then else Else. Else is nil when there is none.
	If struct {
		Pos
		Cond Expr
		Then *Body
		Else *Body
	}

	// While is while (Cond) Body.
	While struct {
		Pos
		Cond Expr
		Body *Body
	}

	// For is a for or parfor loop over From:To or seq(From, To, Incr).
	For struct {
		Pos
		Parallel bool
		Var      *Ident
		From, To Expr
		Incr     Expr // nil when not given
		Seq      bool // written as seq(...)
		Params   []CallArg
		Body     *Body
	}

	// FuncDef is name = function(params) return (results) { body }.
	FuncDef struct {
		Pos
		Name    *Ident
		Params  []FuncParam
		Results []FuncParam
		Body    *Body
		Doc     string // text of the comment block directly above, without comment marks
	}

	// External is name = externalFunction(...) ... implemented in (...): a function in another
	// language, which is known by its name only.
	External struct {
		Pos
		Name *Ident
	}

	// Source is source("path") as alias.
	Source struct {
		Pos
		Path  *StrLit
		Alias *Ident
	}

	// Setwd is setwd("dir").
	Setwd struct {
		Pos
		Path *StrLit
	}
)

// Body is the body of a control statement or function.
type Body struct {
	Pos
	Braces bool
	Stmts  []Stmt
}

// FuncParam is a declared parameter or result. Default is nil when there is none.
type FuncParam struct {
	At      source.Span
	Name    *Ident
	Type    types.Type
	TypePos source.Span
	Default Expr
}

func (*Ident) expr()    {}
func (*IntLit) expr()   {}
func (*FloatLit) expr() {}
func (*BoolLit) expr()  {}
func (*StrLit) expr()   {}
func (*Arg) expr()      {}
func (*Unary) expr()    {}
func (*Binary) expr()   {}
func (*Paren) expr()    {}
func (*Call) expr()     {}
func (*Index) expr()    {}
func (*Vector) expr()   {}

func (*Assign) stmt()      {}
func (*MultiAssign) stmt() {}
func (*Ifdef) stmt()       {}
func (*CallStmt) stmt()    {}
func (*ExprStmt) stmt()    {}
func (*If) stmt()          {}
func (*While) stmt()       {}
func (*For) stmt()         {}
func (*FuncDef) stmt()     {}
func (*Source) stmt()      {}
func (*Setwd) stmt()       {}
func (*External) stmt()    {}

// Funcs returns the function definitions of f in source order.
func (f *File) Funcs() []*FuncDef {
	var fs []*FuncDef
	for _, s := range f.Stmts {
		if d, ok := s.(*FuncDef); ok {
			fs = append(fs, d)
		}
	}
	return fs
}

// Unparen strips parentheses.
func Unparen(e Expr) Expr {
	for {
		p, ok := e.(*Paren)
		if !ok {
			return e
		}
		e = p.X
	}
}
