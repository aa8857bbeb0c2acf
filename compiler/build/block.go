package build

import (
	"gdml/compiler/hop"
	"gdml/lang/ast"
	"gdml/lang/check"
	"gdml/lang/source"
)

// body turns a list of statements into blocks.
func (p *program) body(stmts []ast.Stmt) []*hop.Block { return p.sequence(stmts, false) }

// sequence is body; with each set every statement is a block of its own, so that
// those before a failing one have had their effect.
func (p *program) sequence(stmts []ast.Stmt, each bool) []*hop.Block {
	s := &sequence{program: p, each: each}
	for _, st := range stmts {
		s.stmt(st)
	}
	s.flush()
	return s.blocks
}

// sequence collects the blocks of a list of statements.
type sequence struct {
	*program
	each   bool // no two statements share a block
	blocks []*hop.Block
	open   *graph // the basic block being built, nil when there is none
	span   source.Span
}

// graph returns the basic block that a straight-line statement at span goes to.
func (s *sequence) graph(at source.Span) *graph {
	if s.open == nil {
		s.open, s.span = newGraph(s.program), at
	}
	s.span = s.span.To(at)
	return s.open
}

// flush ends the basic block, if there is one.
func (s *sequence) flush() {
	if s.open == nil {
		return
	}
	if len(s.open.roots) > 0 {
		s.blocks = append(s.blocks, &hop.Block{Kind: hop.Basic, Span: s.span, DAG: s.open.dag()})
	}
	s.open = nil
}

func (s *sequence) control(b *hop.Block) {
	s.flush()
	s.blocks = append(s.blocks, b)
}

func (s *sequence) stmt(st ast.Stmt) {
	switch st := st.(type) {
	case *ast.FuncDef, *ast.External, *ast.Source, *ast.Setwd:
	case *ast.If:
		b := &hop.Block{Kind: hop.If, Span: st.Span(), Cond: s.value(st.Cond), Then: s.body(st.Then.Stmts)}
		if st.Else != nil {
			b.Else = s.body(st.Else.Stmts)
		}
		s.control(b)
	case *ast.While:
		s.control(&hop.Block{Kind: hop.While, Span: st.Span(), Cond: s.value(st.Cond), Then: s.body(st.Body.Stmts)})
	case *ast.For:
		s.control(s.loop(st))
	default:
		if s.each || s.asksForVariables(st) {
			s.flush() // an assignment before it must not be replaced by one after it
		}
		s.graph(st.Span()).stmt(st)
	}
}

// asksForVariables reports whether st calls exists, which sees variables by name.
func (s *sequence) asksForVariables(st ast.Stmt) bool {
	found := false
	ast.Walk(st, func(n ast.Node) bool {
		if c, ok := n.(*ast.Call); ok {
			t := s.info.Calls[c]
			found = found || t != nil && t.Builtin != nil && t.Name == hop.Exists
		}
		return !found
	})
	return found
}

func (s *sequence) loop(st *ast.For) *hop.Block {
	b := &hop.Block{Kind: hop.For, Span: st.Span(), Var: st.Var.Name, From: s.value(st.From), To: s.value(st.To)}
	if st.Incr != nil {
		b.Incr = s.value(st.Incr)
	}
	if st.Parallel {
		b.Kind = hop.ParFor
		l := s.info.Loops[st]
		b.Log = l.Log
		if l.Par != nil {
			b.Par = s.value(l.Par)
		}
		b.Results = merges(s.info.Merges[st])
	}
	b.Then = s.body(st.Body.Stmts)
	return b
}

func merges(ms []check.Merge) []hop.Merge {
	var out []hop.Merge
	for _, m := range ms {
		out = append(out, hop.Merge{Var: m.Var, Accumulate: m.Accumulate, Disjoint: m.Disjoint})
	}
	return out
}
